// The changes of one prepared series: where, how surely there, from what to what, and of which kind.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "backlot/signals/change_points.h"
#include "backlot/signals/samples.h"

namespace backlot::signals {

struct Change {
  enum class Kind : std::uint8_t {
    level,     ///< it stays on another level
    spike,     ///< and goes back within three samples and five minutes
    slope,     ///< it was on its way: a line explains it as well as a step
    variance,  ///< it moves more or less than before, around a level that stays
  };
  std::uint32_t index = 0;          ///< the first sample of the new segment
  std::uint32_t low = 0, high = 0;  ///< it is in [low, high]; wider where samples are missing and for rates
  double before = 0, after = 0;     ///< mean levels of the segments at either side; variance: standard deviations
  /// |after - before| in standard deviations of the noise; variance: of their logarithms, as spread.h has it.
  double effect = 0;
  Kind kind = Kind::level;
  /// It lasts to the end of the samples and gains less than the two cuts of an excursion would have to: elsewhere as
  /// much would be no change.
  bool is_marginal = false;
};
std::string_view name_of(Change::Kind kind);

struct Behaviour {
  enum class State : std::uint8_t {
    insufficient,  ///< too few samples to say anything
    flat,          ///< never moves
    moving,
  };
  State state = State::moving;
  double sigma = 0, long_run = 0, phi = 0;  ///< of its noise (noise.h)
  std::vector<Change> changes;              ///< in order
};

/// Samples that a series must have for anything to be said.
inline constexpr std::uint32_t least_samples = 10;

/// Exact segmentation by mean (counts: by rate) with the default penalty, of samples of which single outliers were cut
/// to four deviations around the median of their neighbours; and of those that are no counts, changes of variance
/// (spread.h) where no level changes. Where the variance changes, a change of level must stand out from the noise
/// around it. Precondition: not a counter (prepare.h).
Behaviour behaviour_of(const Samples& samples);

/// The changes that change_points found in `samples`, each with where else it may be and its kind. Spikes are of three
/// samples at most; only `normal` tells changes of variance: what gains more by the variance than by the mean.
std::vector<Change> describe(std::span<const double> samples, Cost cost, const std::vector<std::uint32_t>& changes);

}  // namespace backlot::signals
