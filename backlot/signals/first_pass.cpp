#include "backlot/signals/first_pass.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <thread>

#include "backlot/signals/lifetime.h"

namespace backlot::signals {
namespace {

constexpr std::size_t tile = 64;

/// The step that both can be seen at; 0 when it would be more than four times the longer one.
Nanos common_step(Nanos a, Nanos b) {
  const Nanos step = std::lcm(a, b);
  return step <= 4 * std::max(a, b) ? step : 0;
}

Onset onset_of(const TimeGrid& grid, std::uint32_t at, std::uint32_t low, std::uint32_t high, bool is_rate) {
  // A rate says what happened since the sample before.
  if (is_rate && low > 0) --low;
  return {grid.at(at), grid.at(low), grid.at(high)};
}

Row row_of(const PreparedSeries& prepared, std::size_t group) {
  Row row;
  row.replica_group = group;
  row.members = prepared.members;
  row.is_rate = prepared.is_rate;
  row.is_deseasoned = prepared.is_deseasoned;
  row.step = prepared.samples.grid.step;
  const TimeGrid& grid = prepared.samples.grid;
  const Lifetime lifetime = lifetime_of(prepared.samples);
  auto lived = [&](Happening happening, std::uint32_t at) {
    row.moments.push_back({happening, onset_of(grid, at, at, at, prepared.is_rate), 0, 0, 0});
    row.outcome = Outcome::unchanged;
  };
  const Behaviour behaviour = behaviour_of(prepared.samples);
  row.sigma = behaviour.sigma;
  row.changes = static_cast<std::uint32_t>(behaviour.changes.size());
  switch (behaviour.state) {
    case Behaviour::State::insufficient: row.outcome = Outcome::insufficient; break;
    case Behaviour::State::flat: row.outcome = Outcome::flat; break;
    case Behaviour::State::moving: row.outcome = Outcome::unchanged; break;
  }
  if (!prepared.fits) {
    row.outcome = Outcome::insufficient;
    return row;
  }
  if (lifetime.born) lived(Happening::born, *lifetime.born);
  for (const Change& change : behaviour.changes) {
    if (change.kind != Change::Kind::level && change.kind != Change::Kind::variance) continue;
    row.moments.push_back({change.kind == Change::Kind::level ? Happening::level : Happening::variance,
                           onset_of(grid, change.index, change.low, change.high, prepared.is_rate), change.before,
                           change.after, change.effect, change.is_marginal});
  }
  if (lifetime.died) lived(Happening::died, *lifetime.died);
  return row;
}

/// From an hour, and a dozen samples at least, before the target's onset on; of lags at which as many meet as a series
/// must have.
double near_correlation(Values candidate, Values target, const TimeGrid& grid, const Onset& onset, Nanos horizon) {
  const auto count = static_cast<Nanos>(candidate.size());
  const Nanos before = std::max<Nanos>(hour / grid.step, 12);
  const Nanos begin = std::clamp<Nanos>((onset.low - grid.start) / grid.step - before, 0, count);
  const auto size = static_cast<std::size_t>(count - begin);
  const Values there = target.last(size);
  double most = 0;
  for (Nanos lag = 0; lag <= horizon / grid.step && lag <= begin; ++lag) {
    const Values here = candidate.subspan(static_cast<std::size_t>(begin - lag), size);
    std::uint32_t meet = 0;
    for (std::size_t i = 0; i < size; ++i) meet += !std::isnan(here[i]) && !std::isnan(there[i]);
    if (meet < least_samples) continue;
    const double r = exact_correlation(here, there, 0);
    if (std::abs(r) > std::abs(most)) most = r;
  }
  return most;
}

/// The rows of one tile, their correlations by blocks of those with equal steps.
void analyse(const std::vector<ReplicaGroup>& groups, std::size_t begin, std::size_t end, const SeriesSource& source,
             const TargetView& target, const Options& options, FirstPass& into) {
  std::vector<PreparedSeries> prepared;
  for (std::size_t u = begin; u < end; ++u) {
    std::vector<PreparedSeries> of_group;
    try {
      of_group = prepare_replica_group(groups[u], source, target, options);
    } catch (const Error& error) {
      into.failures.push_back(groups[u].labels.text() + ": " + error.what());
      Row row;
      row.replica_group = u;
      row.members = groups[u].members;
      into.rows.push_back(std::move(row));
      prepared.emplace_back();
      continue;
    }
    for (PreparedSeries& one : of_group) {
      into.rows.push_back(row_of(one, u));
      prepared.push_back(std::move(one));
    }
  }
  std::map<Nanos, std::vector<std::size_t>> by_step;
  for (std::size_t i = 0; i < into.rows.size(); ++i)
    if (into.rows[i].outcome == Outcome::unchanged) by_step[into.rows[i].step].push_back(i);
  for (const auto& [step, members] : by_step) {
    const LagScreen* screen = target.screen(step);
    if (!screen) continue;
    std::vector<Values> values;
    std::vector<LagCorrelation> best(members.size());
    for (std::size_t i : members) values.emplace_back(prepared[i].samples.values);
    screen->best(values, best);
    std::vector<LagCorrelation> whitened(members.size());
    const LagNull& null = *target.null(step);
    null.largest(values, whitened);
    for (std::size_t k = 0; k < members.size(); ++k) {
      into.rows[members[k]].p = null.p_value(whitened[k].r, values[k]);
      into.rows[members[k]].r = best[k].r;
      into.rows[members[k]].lag = best[k].lag;
      if (!into.rows[members[k]].moments.empty())
        into.rows[members[k]].near = near_correlation(values[k], target.samples(step).values, target.samples(step).grid,
                                                      target.target().onset, options.horizon);
    }
  }
}

bool comes_or_goes(const Samples& samples) {
  const Lifetime lifetime = lifetime_of(samples);
  return lifetime.born || lifetime.died;
}

}  // namespace

std::vector<PreparedSeries> prepare_replica_group(const ReplicaGroup& group, const SeriesSource& source,
                                                  const TargetView& target, const Options& options) {
  const TimeGrid& grid = target.target().samples.grid;
  const unsigned weeks = source.history_weeks();
  struct Member {
    std::vector<Samples> weeks;  // this one first
    bool is_rate = false, changes = false;
  };
  std::vector<Member> members(group.members.size());
  for (std::size_t m = 0; m < members.size(); ++m) {
    members[m].weeks.resize(weeks + 1);
    for (unsigned week = 0; week <= weeks; ++week) {
      Samples& samples = members[m].weeks[week];
      source.read(group.members[m], week, samples);
      settle_absence(samples, options.absent_is[static_cast<std::size_t>(samples.kind)]);
      if (week == 0) members[m].is_rate = samples.kind == Kind::counter;
      differentiate(samples);
    }
    members[m].changes = group.members.size() > 1 && comes_or_goes(members[m].weeks[0]);
  }
  auto finished = [&](std::vector<std::size_t> numbers, std::vector<Samples> all, bool is_rate) {
    PreparedSeries one;
    one.members = std::move(numbers);
    one.is_rate = is_rate;
    const Nanos step = common_step(grid.step, all[0].grid.step);
    one.fits = step != 0 && all[0].grid.start == grid.start;
    if (one.fits) {
      for (Samples& samples : all) coarsen(samples, step);
      const Nanos clean = target.target().onset.low - options.horizon;
      const auto until =
          static_cast<std::uint32_t>(std::clamp<Nanos>((clean - grid.start) / step, 0, all[0].grid.count));
      one.is_deseasoned = weeks > 0 && deseason(all[0], std::span(all).subspan(1), until);
    }
    one.samples = std::move(all[0]);
    return one;
  };
  std::vector<PreparedSeries> result;
  std::vector<std::size_t> changing;
  for (std::size_t m = 0; m < members.size(); ++m) {
    if (members[m].changes) {
      changing.push_back(m);
    } else {
      result.push_back(finished({group.members[m]}, std::move(members[m].weeks), members[m].is_rate));
    }
  }
  if (changing.empty()) return result;
  std::vector<std::size_t> numbers;
  std::vector<Samples> sums;
  for (std::size_t m : changing) numbers.push_back(group.members[m]);
  for (unsigned week = 0; week <= weeks; ++week) {
    std::vector<Samples> parts;
    for (std::size_t m : changing)
      if (parts.empty() || members[m].weeks[week].grid == parts[0].grid) parts.push_back(members[m].weeks[week]);
    sums.push_back(together(parts));
  }
  result.push_back(finished(std::move(numbers), std::move(sums), members[changing[0]].is_rate));
  return result;
}

FirstPass pass_over(const std::vector<ReplicaGroup>& groups, std::size_t first, std::size_t last,
                    const SeriesSource& source, const TargetView& target, const Options& options,
                    const std::atomic<bool>* stop) {
  const std::size_t tiles = (last - first + tile - 1) / tile;
  std::vector<FirstPass> parts(tiles);
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  auto work = [&] {
    for (std::size_t t = next++; t < tiles; t = next++) {
      const std::size_t begin = first + t * tile, end = std::min(last, begin + tile);
      if (stop && stop->load()) {
        stopped = true;
        for (std::size_t u = begin; u < end; ++u) {
          Row row;
          row.replica_group = u;
          row.members = groups[u].members;
          parts[t].rows.push_back(std::move(row));
        }
        continue;
      }
      analyse(groups, begin, end, source, target, options, parts[t]);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned w = 1; w < std::max(1u, options.workers); ++w) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  FirstPass whole;
  whole.is_stopped = stopped;
  for (FirstPass& part : parts) {
    std::move(part.rows.begin(), part.rows.end(), std::back_inserter(whole.rows));
    std::move(part.failures.begin(), part.failures.end(), std::back_inserter(whole.failures));
  }
  return whole;
}

}  // namespace backlot::signals
