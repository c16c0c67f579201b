// The pass over all candidates: each is read once, prepared, segmented and screened.
#pragma once
#include <atomic>
#include <string>
#include <vector>

#include "backlot/signals/rows.h"
#include "backlot/signals/target_view.h"

namespace backlot::signals {

/// A series as it is analysed.
struct PreparedUnit {
  std::vector<std::size_t> members;
  Samples samples;
  bool is_rate = false, is_deseasoned = false, fits = true;
};

/// The series of a unit: each member by itself, and those that came or went in the window together. Throws what the
/// source throws.
std::vector<PreparedUnit> prepare_unit(const Unit& unit, const SeriesSource& source, const TargetView& target,
                                       const Options& options);

struct FirstPass {
  std::vector<Row> rows;              ///< in the order of the units
  std::vector<std::string> failures;  ///< of what could not be read, in that order
  bool is_stopped = false;
};
/// By `options.workers` threads, in tiles of a fixed size: the rows do not depend on how many there are.
FirstPass pass_over(const std::vector<Unit>& units, const SeriesSource& source, const TargetView& target,
                    const Options& options, const std::atomic<bool>* stop);

}  // namespace backlot::signals
