#include "backlot/signals/target_view.h"

#include <algorithm>

namespace backlot::signals {
namespace {

/// Whether the alert is of it: it may have begun by then, and no longer before than is looked back.
bool is_of_alert(const Change& change, const TimeGrid& grid, const Options& options) {
  if (!options.alert_at) return true;
  return grid.at(change.low) <= *options.alert_at && grid.at(change.index) >= *options.alert_at - options.look_back;
}

/// Of the changes that the alert can be of, the one that explains most: of level, if there is one, else of slope, else
/// of variance. Later ones win ties.
const Change* onset_among(const std::vector<Change>& changes, const Samples& samples, const Options& options) {
  const Change* best = nullptr;
  double most = 0;
  auto rank = [](Change::Kind kind) { return kind == Change::Kind::level ? 2 : kind == Change::Kind::slope ? 1 : 0; };
  for (std::size_t k = 0; k < changes.size(); ++k) {
    const Change& change = changes[k];
    if (change.kind == Change::Kind::spike || !is_of_alert(change, samples.grid, options)) continue;
    const std::uint32_t begin = k ? changes[k - 1].index : 0;
    const std::uint32_t end = k + 1 < changes.size() ? changes[k + 1].index : samples.grid.count;
    // A short excursion far up matters less than a lasting one.
    const std::uint32_t lasts = std::min({change.index - begin, end - change.index, 30u});
    const double gain = change.effect * change.effect * lasts;
    if (best && rank(change.kind) < rank(best->kind)) continue;
    if (!best || rank(change.kind) > rank(best->kind) || gain >= most) {
      most = gain;
      best = &change;
    }
  }
  return best;
}

}  // namespace

PreparedTarget prepare_target(const Target& target, const Options& options) {
  PreparedTarget prepared;
  prepared.samples = target.samples;
  settle_absence(prepared.samples, options.absent_is[static_cast<std::size_t>(target.samples.kind)]);
  differentiate(prepared.samples);
  std::vector<Samples> weeks = target.weeks;
  for (Samples& week : weeks) differentiate(week);
  const TimeGrid& grid = prepared.samples.grid;
  std::uint32_t until = grid.count;
  if (options.alert_at) {
    const Nanos clean = *options.alert_at - std::max(options.look_back, 2 * options.horizon);
    until = static_cast<std::uint32_t>(std::clamp<Nanos>((clean - grid.start) / grid.step, 0, grid.count));
  }
  prepared.is_deseasoned = !weeks.empty() && deseason(prepared.samples, weeks, until);
  const Behaviour behaviour = behaviour_of(prepared.samples);
  if (behaviour.state == Behaviour::State::insufficient)
    throw Error(ErrorCode::invalid,
                "the target has fewer than " + std::to_string(least_samples) + " samples in the window",
                "widen the window, or name another series");
  prepared.sigma = behaviour.sigma;
  if (const Change* change = onset_among(behaviour.changes, prepared.samples, options)) {
    prepared.is_clear = true;
    prepared.change = *change;
    prepared.onset = {grid.at(change->index), grid.at(change->low), grid.at(change->high)};
  } else {
    const Nanos at = options.alert_at.value_or(grid.end() - grid.step);
    prepared.onset = {at, at - hour, at};
  }
  return prepared;
}

TargetView::TargetView(PreparedTarget target, Nanos max_lag) : target_(std::move(target)), max_lag_(max_lag) {}

const TargetView::AtStep& TargetView::at(Nanos step) const {
  std::lock_guard lock(mutex_);
  auto known = steps_.find(step);
  if (known != steps_.end()) return known->second;
  AtStep made;
  made.samples = target_.samples;
  coarsen(made.samples, step);
  const std::uint32_t count = made.samples.grid.count;
  const auto lags = static_cast<std::uint32_t>(std::min<Nanos>(max_lag_ / step, count / 3));
  if (count >= 2 * least_samples) {
    made.screen = std::make_unique<LagScreen>(made.samples.values, lags);
    made.null = std::make_unique<LagNull>(made.samples.values, lags);
  }
  return steps_.emplace(step, std::move(made)).first->second;
}

const LagScreen* TargetView::screen(Nanos step) const { return at(step).screen.get(); }
const LagNull* TargetView::null(Nanos step) const { return at(step).null.get(); }
const Samples& TargetView::samples(Nanos step) const { return at(step).samples; }

}  // namespace backlot::signals
