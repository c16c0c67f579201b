// Where a series begins to move more, or less, around its level.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "backlot/signals/noise.h"

namespace backlot::signals {

struct SpreadChange {
  std::uint32_t at = 0;             ///< the first sample of the new segment
  std::uint32_t low = 0, high = 0;  ///< it is in [low, high]
  double before = 0, after = 0;     ///< standard deviations of the noise at either side
  double effect = 0;                ///< the change of their logarithm, in standard deviations of what one sample tells
};

/// Changes of the standard deviation by at least half or to at least twice, of segments of 15 samples and more: the
/// logarithms of squared differences of neighbours are cut in two while that gains enough (Scott and Knott 1974), which
/// neither outliers nor changes of level disturb. A series without one costs one pass. None where more than a quarter
/// of the neighbours are equal: rounding, not noise, tells how much they differ. `noise`: of the samples.
std::vector<SpreadChange> spread_changes(std::span<const double> samples, const Noise& noise);

/// SpreadChange::effect of such a change.
double spread_effect(double before, double after);

}  // namespace backlot::signals
