// A penalty that needs no argument.
#pragma once
#include <span>

#include "backlot/signals/change_points.h"

namespace backlot::signals {

/// What one change must gain, in the units of the cost. l2: penalty_factor ln n times the square of the long-run
/// deviation (noise.h), so that a series that wanders by itself is not cut into pieces; l1: the like in its units;
/// normal and poisson, whose costs are twice a negative log-likelihood: penalty_factor ln n times the variance
/// inflation of autocorrelation. Infinity when the series does not move at all.
double default_penalty(std::span<const double> samples, Cost cost);
inline constexpr double penalty_factor = 3;

}  // namespace backlot::signals
