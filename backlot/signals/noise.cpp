#include "backlot/signals/noise.h"

#include <algorithm>
#include <cmath>

namespace backlot::signals {
namespace {

constexpr double normal_mad = 0.674489750196082;  // of the standard normal
constexpr double normal_clipped = 0.995012;       // the mean of its squares, none more than 9

/// The standard deviation of x[t + lag] - x[t], over the square root of 2: from the mean of their squares, of which
/// none counts more than 3 deviations by the median. Where most differences are 0 (counts, rounded numbers), none
/// counts more than the twentieth largest.
double spread_of_differences(std::span<const double> x, std::size_t lag, std::vector<double>& room,
                             bool& stands_still) {
  room.clear();
  for (std::size_t i = lag; i < x.size(); ++i) room.push_back(x[i] - x[i - lag]);
  const double centre = median_of(room);
  for (double& d : room) d = std::abs(d - centre);
  double most = 3 * median_of(room) / normal_mad;
  double expected = normal_clipped;
  if (most == 0) {
    auto at = room.begin() + static_cast<std::ptrdiff_t>(room.size() - 1 - room.size() / 20);
    std::nth_element(room.begin(), at, room.end());
    most = *at;
    expected = 1;
  }
  // It stands still but for a few moments: those are then all the noise there is.
  stands_still = most == 0;
  if (stands_still) most = *std::max_element(room.begin(), room.end());
  double squares = 0;
  for (double d : room) squares += std::min(d, most) * std::min(d, most);
  return std::sqrt(squares / static_cast<double>(room.size()) / expected / 2);
}

}  // namespace

double median_of(std::span<double> values) {
  const std::size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle), values.end());
  if (values.size() % 2) return values[middle];
  return (values[middle] + *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle))) / 2;
}

Noise noise_of(std::span<const double> samples) {
  Noise noise;
  if (samples.size() < 3) return noise;
  std::vector<double> room;
  room.reserve(samples.size());
  bool stands_still = false, ignored = false;
  const double one = spread_of_differences(samples, 1, room, stands_still);
  if (one == 0) return noise;
  const double two = spread_of_differences(samples, 2, room, ignored);
  // Differences over k samples have the variance 2 sigma² (1 - phi^k).
  if (!stands_still) noise.phi = std::clamp(two * two / (one * one) - 1, 0.0, most_phi);
  noise.sigma = one / std::sqrt(1 - noise.phi);
  noise.long_run = noise.sigma * std::sqrt((1 + noise.phi) / (1 - noise.phi));
  return noise;
}

}  // namespace backlot::signals
