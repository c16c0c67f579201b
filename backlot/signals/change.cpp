#include "backlot/signals/change.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "backlot/signals/levels.h"
#include "backlot/signals/noise.h"
#include "backlot/signals/penalty.h"
#include "backlot/signals/segment_cost.h"
#include "backlot/signals/spread.h"

namespace backlot::signals {
namespace {

double median_of_five(const double* x) {
  double a = std::min(x[0], x[1]), b = std::max(x[0], x[1]), c = std::min(x[2], x[3]), d = std::max(x[2], x[3]);
  // The largest of the lower ones and the smallest of the upper ones, and the fifth: the median is theirs.
  const double low = std::max(a, c), high = std::min(b, d);
  return std::max(std::min(low, high), std::min(std::max(low, high), x[4]));
}

double median_of_three(const double* x) { return std::max(std::min(x[0], x[1]), std::min(std::max(x[0], x[1]), x[2])); }

/// Outliers of one or two samples (`longest`) would each be two changes.
std::vector<double> without_outliers(const std::vector<double>& x, double sigma, std::uint32_t longest) {
  std::vector<double> result = x;
  for (std::size_t i = longest; i + longest < x.size() && longest > 0; ++i) {
    const double middle = longest == 1 ? median_of_three(x.data() + i - 1) : median_of_five(x.data() + i - 2);
    result[i] = std::clamp(x[i], middle - 4 * sigma, middle + 4 * sigma);
  }
  return result;
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

/// What a change must stand out from.
struct Ground {
  double sigma = 0;      ///< of the noise; 0: that of the rate of counts, which is their level
  double long_run2 = 0;  ///< variance of long means, likewise
};

Change change_of_level(const Levels& levels, std::uint32_t begin, std::uint32_t at, std::uint32_t end, Ground ground,
                       std::uint32_t count) {
  Change change;
  change.index = at;
  change.before = levels.mean(begin, at);
  change.after = levels.mean(at, end);
  if (ground.sigma == 0) {
    ground.sigma = std::sqrt(std::max(change.before, 1.0 / count));
    ground.long_run2 = ground.sigma * ground.sigma;
  }
  change.effect = std::abs(change.after - change.before) / ground.sigma;
  change.kind = kind_of(levels, begin, at, end, 7 * ground.long_run2);
  auto cost = [&](std::uint32_t from, std::uint32_t to) { return levels.around_mean(from, to); };
  std::tie(change.low, change.high) = as_good_as(cost, begin, at, end, 6 * ground.long_run2);
  return change;
}

/// Calls `visit` with begin, at and end of each cut: where the segments at either side of it lie.
template <class F>
void each_cut(const std::vector<std::uint32_t>& cuts, std::uint32_t count, F visit) {
  for (std::size_t k = 0; k < cuts.size(); ++k)
    visit(k ? cuts[k - 1] : 0, cuts[k], k + 1 < cuts.size() ? cuts[k + 1] : count);
}

/// Both edges of an excursion of at most so many samples that goes back by more than half.
void mark_spikes(std::vector<Change>& changes, std::uint32_t longest) {
  for (std::size_t k = 0; k + 1 < changes.size(); ++k) {
    Change &out = changes[k], &back = changes[k + 1];
    if (out.kind == Change::Kind::variance || back.kind == Change::Kind::variance) continue;
    const bool is_short = back.index - out.index <= longest;
    if (is_short && std::abs(back.after - out.before) < std::abs(out.after - out.before) / 2)
      out.kind = back.kind = Change::Kind::spike;
  }
}
constexpr std::uint32_t longest_spike = 3;

/// Of cuts that stand out from the noise of the whole, those that stand out from the loudest noise at either side, too:
/// the weakest is dropped as long as one does not. `each`: the penalty, for noise of variance 1.
std::vector<std::uint32_t> outstanding(std::vector<std::uint32_t> cuts, const Levels& levels, std::uint32_t count,
                                       const std::vector<SpreadChange>& spread, double inflation, double each) {
  auto loudest = [&](std::uint32_t begin, std::uint32_t end) {
    double most = 0;
    for (std::size_t k = 0; k <= spread.size(); ++k) {
      const std::uint32_t from = k ? spread[k - 1].at : 0, to = k < spread.size() ? spread[k].at : count;
      if (from < end && begin < to) most = std::max(most, k ? spread[k - 1].after : spread[0].before);
    }
    return most;
  };
  while (!cuts.empty()) {
    double least = 1;
    std::size_t weakest = cuts.size(), k = 0;
    each_cut(cuts, count, [&](std::uint32_t begin, std::uint32_t at, std::uint32_t end) {
      const double noise = loudest(begin, end);
      const double strength = levels.gain(begin, at, end) / (each * inflation * noise * noise);
      if (strength < least) least = strength, weakest = k;
      ++k;
    });
    if (weakest == cuts.size()) break;
    cuts.erase(cuts.begin() + static_cast<std::ptrdiff_t>(weakest));
  }
  return cuts;
}

/// Those that are not the side of a change of level: what is larger also moves more.
void add_changes_of_variance(std::vector<Change>& changes, const std::vector<SpreadChange>& spread) {
  constexpr std::uint32_t close = 3;
  const std::size_t levels = changes.size();
  for (const SpreadChange& s : spread) {
    const bool is_side =
        std::any_of(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(levels), [&](const Change& c) {
          return c.kind != Change::Kind::slope && c.low <= s.high + close && s.low <= c.high + close;
        });
    if (is_side) continue;
    changes.push_back({s.at, s.low, s.high, s.before, s.after, s.effect, Change::Kind::variance});
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.index < b.index; });
}

/// What a cut gains with the cost normal, n ln variance each, is what two means gain and what two variances do on top.
bool is_of_variance(const Levels& levels, std::uint32_t begin, std::uint32_t at, std::uint32_t end, double floor) {
  const double n = end - begin, left = at - begin, right = end - at;
  auto variance = [&](double squares, double of) { return std::max(squares / of, floor); };
  const double before = levels.around_mean(begin, at), after = levels.around_mean(at, end);
  const double whole = variance(levels.around_mean(begin, end), n), within = variance(before + after, n);
  const double by_mean = n * std::log(whole / within);
  const double by_variance =
      n * std::log(within) - left * std::log(variance(before, left)) - right * std::log(variance(after, right));
  return by_variance > by_mean;
}

bool is_flat(const std::vector<double>& x) {
  return std::all_of(x.begin(), x.end(), [&](double value) { return value == x[0]; });
}

}  // namespace

std::string_view name_of(Change::Kind kind) {
  constexpr std::string_view names[] = {"level", "spike", "slope", "variance"};
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
  // Five minutes of an incident are no outlier where a sample is as long.
  const auto longest = static_cast<std::uint32_t>(std::min<Nanos>(longest_spike, 5 * minute / samples.grid.step));
  const Noise noise = noise_of(x);
  behaviour.sigma = noise.sigma;
  behaviour.long_run = noise.long_run;
  behaviour.phi = noise.phi;
  std::vector<SpreadChange> spread;
  if (!is_count) {
    spread = spread_changes(x, noise);
    x = without_outliers(x, noise.sigma, std::min(2u, longest));
  }
  ChangeOptions options;
  options.cost = is_count ? Cost::poisson : Cost::l2;
  const double each = penalty_factor * std::log(static_cast<double>(x.size()));
  const double long_run2 = noise.long_run * noise.long_run;
  options.penalty = is_count ? each : each * long_run2;
  std::vector<std::uint32_t> cuts = change_points(x, options).changes;
  const Levels levels(x);
  const auto count = static_cast<std::uint32_t>(x.size());
  if (!spread.empty())
    cuts = outstanding(std::move(cuts), levels, count, spread, (1 + noise.phi) / (1 - noise.phi), each);
  const Ground ground = is_count ? Ground{} : Ground{noise.sigma, long_run2};
  each_cut(cuts, count, [&](std::uint32_t begin, std::uint32_t at, std::uint32_t end) {
    behaviour.changes.push_back(change_of_level(levels, begin, at, end, ground, count));
    const double noise2 = is_count ? std::max(levels.mean(begin, at), 1.0 / count) : long_run2;
    behaviour.changes.back().is_marginal = end == count && levels.gain(begin, at, end) < 2 * each * noise2;
  });
  add_changes_of_variance(behaviour.changes, spread);
  for (Change& change : behaviour.changes) {
    // Between the last sample before and the first after, nobody knows.
    change.index = places[change.index];
    change.low = places[change.low - 1] + 1;
    change.high = places[change.high];
  }
  mark_spikes(behaviour.changes, longest);
  return behaviour;
}

std::vector<Change> describe(std::span<const double> samples, Cost cost, const std::vector<std::uint32_t>& cuts) {
  if (cuts.empty()) return {};
  const Noise noise = noise_of(samples);
  const double inflation = (1 + noise.phi) / (1 - noise.phi);
  const Levels levels(samples);
  const auto count = static_cast<std::uint32_t>(samples.size());
  const Ground ground = cost == Cost::poisson ? Ground{} : Ground{noise.sigma, noise.long_run * noise.long_run};
  const auto normal = cost == Cost::normal ? SegmentCost::of(cost, samples) : nullptr;
  const double floor = 1e-6 * levels.around_mean(0, count) / count;  // as the cost has it
  std::vector<Change> changes;
  each_cut(cuts, count, [&](std::uint32_t begin, std::uint32_t at, std::uint32_t end) {
    Change change = change_of_level(levels, begin, at, end, ground, count);
    if (normal) {
      std::tie(change.low, change.high) = as_good_as(*normal, begin, at, end, 6 * inflation);
      if (is_of_variance(levels, begin, at, end, floor)) {
        change.kind = Change::Kind::variance;
        change.before = std::sqrt(std::max(floor, levels.around_mean(begin, at) / (at - begin)));
        change.after = std::sqrt(std::max(floor, levels.around_mean(at, end) / (end - at)));
        change.effect = spread_effect(change.before, change.after);
      }
    }
    changes.push_back(change);
  });
  mark_spikes(changes, longest_spike);
  return changes;
}

}  // namespace backlot::signals
