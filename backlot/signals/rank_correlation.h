// Spearman's rho: the correlation of ranks, which one outlier cannot make.
#pragma once
#include <cstdint>

#include "backlot/signals/lag_screen.h"

namespace backlot::signals {

/// Of x[t] and y[t + lag] for t in [begin, end) where both are there; equal values share the mean of their ranks. NaN
/// when fewer than 3 meet or one does not move.
double rank_correlation(Values x, Values y, std::int32_t lag, std::uint32_t begin, std::uint32_t end);

}  // namespace backlot::signals
