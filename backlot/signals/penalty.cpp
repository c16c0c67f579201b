#include "backlot/signals/penalty.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "backlot/signals/noise.h"

namespace backlot::signals {
namespace {

double variance_of(std::span<const double> samples) {
  double sum = 0, squares = 0;
  for (double x : samples) sum += x;
  const double mean = sum / static_cast<double>(samples.size());
  for (double x : samples) squares += (x - mean) * (x - mean);
  return squares / static_cast<double>(samples.size());
}

/// Of noise that remembers, or of a trend.
double wandering(std::span<const double> samples, const Noise& noise) {
  const double whole = variance_of(samples);
  if (noise.phi >= most_phi) return trend_share * whole;
  return std::max(noise.long_run * noise.long_run, least_share * whole);
}

}  // namespace

double default_penalty(std::span<const double> samples, Cost cost) {
  const Noise noise = noise_of(samples);
  if (noise.sigma == 0 || samples.size() < 3) return std::numeric_limits<double>::infinity();
  const double inflation = (1 + noise.phi) / (1 - noise.phi);
  const double each = penalty_factor * std::log(static_cast<double>(samples.size()));
  switch (cost) {
    case Cost::l2: return each * wandering(samples, noise);
    // A change that gains z² sigma² with l2 gains about z² sigma / (2 sqrt(pi / 2)) with l1, of normal noise.
    case Cost::l1: return each * wandering(samples, noise) / noise.sigma * 0.4;
    case Cost::normal:
    case Cost::poisson: return each * inflation;
  }
  return 0;
}

}  // namespace backlot::signals
