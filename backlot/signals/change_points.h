// Where a series changes: the segmentation that minimises the sum of its segments' costs and a penalty for each change.
// A change point is the index of the first sample of the new segment.
//
//            pelt     functional   binary
//   l2       exact    exact        heuristic
//   normal   exact    refused      heuristic
//   poisson  exact    exact        heuristic
//   l1       exact    exact        heuristic
//
// Functional pruning needs a cost with one parameter, and segments as short as one sample. What is exact finds the
// least objective there is; ties go to the earlier change.
//
// Killick, Fearnhead, Eckley 2012 (PELT); Maidstone, Hocking, Rigaill, Fearnhead 2017 (functional pruning); Scott and
// Knott 1974 (binary segmentation).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/base/error.h"

namespace backlot::signals {

enum class Cost : std::uint8_t {
  l2,       ///< the mean changes: the sum of (x - mean)²
  normal,   ///< mean or variance change: n (ln variance + 1), the variance at least a millionth of the series'
  poisson,  ///< the rate of counts changes: 2 (sum x) (1 - ln mean), of counts from 0
  l1,       ///< the median changes, whatever outliers do: the sum of |x - median|
};
enum class Search : std::uint8_t { pelt, functional, binary };
enum class Support : std::uint8_t { exact, heuristic, refused };

std::string_view name_of(Cost cost);
std::string_view name_of(Search search);
std::string_view name_of(Support support);
/// Of the table above.
Support support_of(Cost cost, Search search);

struct ChangeOptions {
  Cost cost = Cost::l2;
  /// Of one change, in the units of the cost; none: default_penalty of the samples.
  std::optional<double> penalty;
  /// None: functional where it is possible, else pelt.
  std::optional<Search> search;
  /// Samples in a segment, at least; 0: 1, or 2 for normal.
  std::uint32_t min_size = 0;
};

struct Segmentation {
  std::vector<std::uint32_t> changes;  ///< in order; none when the series is one segment
  double objective = 0;                ///< the sum of the segments' costs, and the penalty for each change
  double penalty = 0;
  Search search = Search::functional;
  Support support = Support::exact;
};

/// All that is wrong with such a request of `count` samples.
std::vector<Diagnostic> diagnose(const ChangeOptions& options, std::size_t count);

/// Of samples that are all there: what is missing is left out before. Throws Error usage with all diagnostics, and
/// invalid when a sample is no number, or none for poisson.
Segmentation change_points(std::span<const double> samples, const ChangeOptions& options = {});

/// The objective of any segmentation, computed anew: what change_points minimises. Precondition: in order and inside.
double objective_of(std::span<const double> samples, Cost cost, double penalty,
                    const std::vector<std::uint32_t>& changes);

}  // namespace backlot::signals
