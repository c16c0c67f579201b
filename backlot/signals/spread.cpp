#include "backlot/signals/spread.h"

#include <algorithm>
#include <cmath>

#include "backlot/signals/levels.h"
#include "backlot/signals/penalty.h"

namespace backlot::signals {
namespace {

constexpr std::uint32_t least_segment = 15;
constexpr double least_ratio = 2;
/// Of the logarithm of a squared standard normal: its mean, its variance, and what neighbouring differences, which
/// share a sample, add to the variance of long means.
constexpr double log_square_mean = -1.27036, log_square_variance = 4.9348, shared_sample = 1.5;

struct SpreadCut {
  std::uint32_t begin, at, end;
  double gain;
};

SpreadCut best_spread_cut(const Levels& levels, std::uint32_t begin, std::uint32_t end) {
  SpreadCut best{begin, begin, end, 0};
  for (std::uint32_t at = begin + least_segment; at + least_segment <= end; ++at) {
    // What around_mean would give, without its three terms that cancel.
    const double left = at - begin, right = end - at, apart = levels.mean(begin, at) - levels.mean(at, end);
    const double gain = left * right / (left + right) * apart * apart;
    if (gain > best.gain) best = {begin, at, end, gain};
  }
  return best;
}

/// Whether a change may be found at all, by the mean size of the differences of each sixteen neighbours: of them, few
/// logarithms are taken, and none that spread_changes would find gains less than `least` here.
bool may_change(std::span<const double> samples, double floor) {
  constexpr std::size_t block = 16;
  constexpr double variance = 0.036 * shared_sample, least = 10;
  const std::size_t count = (samples.size() - 1) / block;
  std::vector<double> sums(count + 1);
  for (std::size_t k = 0; k < count; ++k) {
    double size = 0;
    for (std::size_t i = k * block; i < (k + 1) * block; ++i) size += std::abs(samples[i + 1] - samples[i]);
    sums[k + 1] = sums[k] + std::log(size / static_cast<double>(block) + floor);
  }
  // One block that is louder than all others is also a cut: of two.
  for (std::size_t begin = 0; begin < count; ++begin) {
    for (std::size_t length : {std::size_t{1}, std::size_t{4}, count / 2}) {
      const std::size_t end = begin + length;
      if (length == 0 || end > count || length == count) continue;
      const double inside = sums[end] - sums[begin], outside = sums[count] - inside;
      const double in = static_cast<double>(length), out = static_cast<double>(count - length),
                   apart = inside / in - outside / out;
      if (in * out / (in + out) * apart * apart > least * variance) return true;
    }
  }
  for (std::size_t at = 1; at < count; ++at) {
    const double left = static_cast<double>(at), right = static_cast<double>(count - at),
                 apart = sums[at] / left - (sums[count] - sums[at]) / right;
    if (left * right / (left + right) * apart * apart > least * variance) return true;
  }
  return false;
}

}  // namespace

std::vector<SpreadChange> spread_changes(std::span<const double> samples, const Noise& noise) {
  if (samples.size() <= std::size_t{2} * least_segment || noise.sigma == 0) return {};
  // Differences that are next to nothing say no more than small ones do.
  const double floor = 0.05 * noise.sigma * std::sqrt(1 - noise.phi);
  if (!may_change(samples, floor)) return {};
  std::vector<double> logs(samples.size() - 1);
  std::size_t equal = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const double step = samples[i + 1] - samples[i];
    equal += step == 0;
    logs[i] = std::log(step * step + floor * floor);
  }
  if (equal > logs.size() / 4) return {};
  const Levels levels(logs);
  const auto count = static_cast<std::uint32_t>(logs.size());
  const double unit = shared_sample * log_square_variance;
  const double penalty = penalty_factor * std::log(static_cast<double>(count)) * unit;
  std::vector<std::uint32_t> cuts;
  std::vector<SpreadCut> open{best_spread_cut(levels, 0, count)};
  while (!open.empty()) {
    const SpreadCut cut = open.back();
    open.pop_back();
    if (cut.gain <= penalty) continue;
    cuts.push_back(cut.at);
    open.push_back(best_spread_cut(levels, cut.begin, cut.at));
    open.push_back(best_spread_cut(levels, cut.at, cut.end));
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<SpreadChange> changes;
  for (std::size_t k = 0; k < cuts.size(); ++k) {
    const std::uint32_t begin = k ? cuts[k - 1] : 0, at = cuts[k], end = k + 1 < cuts.size() ? cuts[k + 1] : count;
    const double before = levels.mean(begin, at), after = levels.mean(at, end);
    if (std::abs(after - before) < 2 * std::log(least_ratio)) continue;
    auto cost = [&](std::uint32_t b, std::uint32_t e) { return levels.around_mean(b, e); };
    const auto [low, high] = as_good_as(cost, begin, at, end, 6 * unit);
    auto deviation = [&](double log) { return std::exp((log - log_square_mean) / 2) / std::sqrt(2 * (1 - noise.phi)); };
    // The first difference of the new segment is that of its first two samples.
    changes.push_back({at + 1, low + 1, high + 1, deviation(before), deviation(after),
                       spread_effect(deviation(before), deviation(after))});
  }
  return changes;
}

double spread_effect(double before, double after) {
  return 2 * std::abs(std::log(after / before)) / std::sqrt(log_square_variance);
}

}  // namespace backlot::signals
