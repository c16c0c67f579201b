// A penalty that needs no argument.
#pragma once
#include <span>

#include "backlot/signals/change_points.h"

namespace backlot::signals {

/// What one change must gain, in the units of the cost: penalty_factor ln n times a variance. l2: the square of the
/// long-run deviation (noise.h), so that a series that wanders by itself is not cut into pieces, and a tenth of the
/// variance of the whole at least, so that a smooth trend is not either. Where neighbours are so alike that the noise
/// cannot be told from the trend (most_phi), three tenths of that. l1: the like in its units; normal and poisson, whose
/// costs are twice a negative log-likelihood: the inflation of variance by autocorrelation. The shares were fixed by
/// sixteen series of TCPD (apps/signals/bench/tcpd.py). Infinity when the series does not move at all.
double default_penalty(std::span<const double> samples, Cost cost);
inline constexpr double penalty_factor = 3, least_share = 0.1, trend_share = 0.3;

}  // namespace backlot::signals
