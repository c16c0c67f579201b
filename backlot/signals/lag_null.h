// How large the largest correlation over all lags would be between a target and a series that has nothing to do with
// it: one p-value a candidate, for series that remember what they were.
//
// Both are whitened first, each by an AR(1) fitted to itself (Box and Jenkins' prewhitening): correlations of what is
// left do not depend on how much either remembers. Given the target, r at one lag is then Student's, and the largest of
// them exceeds c with the chance 1 - exp(-theta S(c)), where S(c) is the sum of the chances at each lag; theta, which
// says how much lags repeat each other, is fitted to the tail of simulated candidates.
#pragma once
#include <cstdint>
#include <vector>

#include "backlot/signals/lag_screen.h"

namespace backlot::signals {

/// x[t] - phi x[t - 1] around the mean, where both are there; NaN elsewhere. phi by least squares.
std::vector<double> whitened(Values values);

class LagNull {
 public:
  /// Of a target's samples, as LagScreen's. `seed`: of the simulation.
  LagNull(Values target, std::uint32_t max_lag, std::uint64_t seed = 1);

  /// The largest |r| of each, whitened.
  void largest(std::span<const Values> candidates, std::span<LagCorrelation> into) const;
  /// The chance of `r` or more at some lag between whitened series, of a candidate with these gaps. 1 for r = 0.
  double p_value(double r, Values candidate) const;

 private:
  double log_sum(double c) const;

  std::uint32_t count_, max_lag_;
  std::vector<double> target_;
  LagScreen screen_;
  std::vector<double> logs_;  // ln S(c) for c = 0, 1 / cells … 1, of candidates without gaps
  double theta_ = 1;
};

/// Benjamini and Hochberg's: the smallest false discovery rate at which each would be among the discoveries. NaN where
/// `p` is.
std::vector<double> false_discovery_rates(const std::vector<double>& p);

}  // namespace backlot::signals
