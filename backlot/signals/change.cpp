#include "backlot/signals/change.h"

#include <algorithm>
#include <cmath>

#include "backlot/signals/change_points.h"
#include "backlot/signals/noise.h"
#include "backlot/signals/penalty.h"

namespace backlot::signals {
namespace {

double median_of_five(const double* x) {
  double a = std::min(x[0], x[1]), b = std::max(x[0], x[1]), c = std::min(x[2], x[3]), d = std::max(x[2], x[3]);
  // The largest of the lower ones and the smallest of the upper ones, and the fifth: the median is theirs.
  const double low = std::max(a, c), high = std::min(b, d);
  return std::max(std::min(low, high), std::min(std::max(low, high), x[4]));
}

/// Outliers of one or two samples would each be two changes.
std::vector<double> without_outliers(const std::vector<double>& x, double sigma) {
  std::vector<double> result = x;
  for (std::size_t i = 2; i + 2 < x.size(); ++i) {
    const double middle = median_of_five(x.data() + i - 2);
    result[i] = std::clamp(x[i], middle - 4 * sigma, middle + 4 * sigma);
  }
  return result;
}

/// Prefix sums around the first sample, and what follows from them.
class Levels {
 public:
  explicit Levels(const std::vector<double>& x)
      : offset_(x[0]), sums_(x.size() + 1), squares_(x.size() + 1), moments_(x.size() + 1) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double d = x[i] - offset_;
      sums_[i + 1] = sums_[i] + d;
      squares_[i + 1] = squares_[i] + d * d;
      moments_[i + 1] = moments_[i] + d * static_cast<double>(i);
    }
  }
  double mean(std::uint32_t begin, std::uint32_t end) const {
    return offset_ + (sums_[end] - sums_[begin]) / (end - begin);
  }
  /// Squared distances from the mean.
  double around_mean(std::uint32_t begin, std::uint32_t end) const {
    const double s = sums_[end] - sums_[begin];
    return squares_[end] - squares_[begin] - s * s / (end - begin);
  }
  /// And from the best line.
  double around_line(std::uint32_t begin, std::uint32_t end) const {
    const double n = end - begin, middle = begin + (n - 1) / 2;
    if (n < 3) return 0;
    const double s = sums_[end] - sums_[begin], xy = moments_[end] - moments_[begin] - middle * s;
    return around_mean(begin, end) - xy * xy / (n * (n * n - 1) / 12);
  }

 private:
  double offset_;
  std::vector<double> sums_, squares_, moments_;
};

/// Where else between `begin` and `end` the change might be: there, it would cost no more than `slack` above the best.
void locate(Change& change, const Levels& levels, std::uint32_t begin, std::uint32_t end, double slack) {
  auto cost = [&](std::uint32_t at) { return levels.around_mean(begin, at) + levels.around_mean(at, end); };
  const double most = cost(change.index) + slack;
  while (change.low > begin + 1 && cost(change.low - 1) <= most) --change.low;
  while (change.high + 1 < end && cost(change.high + 1) <= most) ++change.high;
}

/// Level or slope, where a step must be better than a line by `margin`: of the segments at either side, and of half an
/// hour of samples at each, for a long curve is no line but close by it is.
Change::Kind kind_of(const Levels& levels, std::uint32_t begin, std::uint32_t at, std::uint32_t end, double margin) {
  auto is_line = [&](std::uint32_t from, std::uint32_t to) {
    return levels.around_line(from, to) <= levels.around_mean(from, at) + levels.around_mean(at, to) + margin;
  };
  constexpr std::uint32_t close = 30;
  const bool is_slope =
      is_line(begin, end) || is_line(std::max(begin, at - std::min(at, close)), std::min(end, at + close));
  return is_slope ? Change::Kind::slope : Change::Kind::level;
}

/// Both edges of an excursion of three samples and five minutes, or less, that goes back by more than half.
void mark_spikes(std::vector<Change>& changes, Nanos step) {
  const auto longest = static_cast<std::uint32_t>(std::min<Nanos>(3, 5 * minute / step));
  for (std::size_t k = 0; k + 1 < changes.size(); ++k) {
    Change &out = changes[k], &back = changes[k + 1];
    const bool is_short = back.index - out.index <= longest;
    if (is_short && std::abs(back.after - out.before) < std::abs(out.after - out.before) / 2)
      out.kind = back.kind = Change::Kind::spike;
  }
}

bool is_flat(const std::vector<double>& x) {
  return std::all_of(x.begin(), x.end(), [&](double value) { return value == x[0]; });
}

}  // namespace

std::string_view name_of(Change::Kind kind) {
  constexpr std::string_view names[] = {"level", "spike", "slope"};
  return names[static_cast<int>(kind)];
}

Behaviour behaviour_of(const Samples& samples) {
  Behaviour behaviour;
  std::vector<double> x;
  std::vector<std::uint32_t> places;
  for (std::uint32_t i = 0; i < samples.grid.count; ++i) {
    if (!samples.has(i)) continue;
    x.push_back(samples.values[i]);
    places.push_back(i);
  }
  if (x.size() < least_samples) {
    behaviour.state = Behaviour::State::insufficient;
    return behaviour;
  }
  if (is_flat(x)) {
    behaviour.state = Behaviour::State::flat;
    return behaviour;
  }
  const bool is_count = samples.kind == Kind::count;
  const Noise noise = noise_of(x);
  behaviour.sigma = noise.sigma;
  behaviour.long_run = noise.long_run;
  behaviour.phi = noise.phi;
  if (!is_count) x = without_outliers(x, noise.sigma);
  ChangeOptions options;
  options.cost = is_count ? Cost::poisson : Cost::l2;
  const double each = penalty_factor * std::log(static_cast<double>(x.size()));
  options.penalty = is_count ? each : each * noise.long_run * noise.long_run;
  const auto cuts = change_points(x, options).changes;
  const Levels levels(x);
  const auto count = static_cast<std::uint32_t>(x.size());
  for (std::size_t k = 0; k < cuts.size(); ++k) {
    const std::uint32_t begin = k ? cuts[k - 1] : 0, at = cuts[k], end = k + 1 < cuts.size() ? cuts[k + 1] : count;
    Change change;
    change.index = change.low = change.high = at;
    change.before = levels.mean(begin, at);
    change.after = levels.mean(at, end);
    // The noise of counts is that of their rate.
    const double sigma = is_count ? std::sqrt(std::max({change.before, 1.0 / count})) : noise.sigma;
    change.effect = std::abs(change.after - change.before) / sigma;
    const double spread = is_count ? sigma * sigma : noise.long_run * noise.long_run;
    change.kind = kind_of(levels, begin, at, end, 7 * spread);
    locate(change, levels, begin, end, 6 * spread);
    // Between the last sample before and the first after, nobody knows.
    change.index = places[at];
    change.low = places[change.low - 1] + 1;
    change.high = places[change.high];
    behaviour.changes.push_back(change);
  }
  mark_spikes(behaviour.changes, samples.grid.step);
  return behaviour;
}

}  // namespace backlot::signals
