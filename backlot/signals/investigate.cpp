#include "backlot/signals/investigate.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "backlot/signals/call_graph.h"
#include "backlot/signals/co_occurrence.h"
#include "backlot/signals/first_pass.h"
#include "backlot/signals/rank_correlation.h"
#include "backlot/signals/score.h"

namespace backlot::signals {
namespace {

/// The target itself, what it is the sum of, and alerts, which are made from what is sought.
bool is_set_aside(const Labels& candidate, const Labels& target) {
  if (candidate.metric() == "ALERTS" || candidate.metric() == "ALERTS_FOR_STATE") return true;
  if (candidate.metric() != target.metric()) return false;
  return std::all_of(target.pairs().begin(), target.pairs().end(),
                     [&](const auto& pair) { return candidate.value(pair.first) == pair.second; });
}

std::vector<ReplicaGroup> replica_groups_beside(const Target& target, const SeriesSource& source,
                                                const Options& options) {
  std::vector<bool> set_aside(source.size());
  for (std::size_t i = 0; i < source.size(); ++i) set_aside[i] = is_set_aside(source.labels(i), target.labels);
  return replica_groups_of(source, options.volatile_labels, set_aside);
}

/// Everything that is needed of one investigation, step by step.
class Investigation {
 public:
  Investigation(const Target& target, const SeriesSource& source, const Options& options)
      : target_(target),
        source_(source),
        options_(options),
        view_(prepare_target(target, options), options.max_lag),
        replica_groups_(replica_groups_beside(target, source, options)) {}

  FirstPass rows(std::size_t begin, std::size_t end, const std::atomic<bool>* stop) const {
    return pass_over(replica_groups_, begin, end, source_, view_, options_, stop);
  }
  std::size_t replica_group_count() const { return replica_groups_.size(); }

  Report report(FirstPass pass) {
    pass_ = std::move(pass);
    report_.candidates = source_.size();
    report_.of_candidate.assign(source_.size(), Outcome::set_aside);
    describe_target();
    label();
    compare();
    account();
    judge();
    describe_findings();
    group();
    rank_events();
    note();
    return std::move(report_);
  }

 private:
  const Onset& onset() const { return view_.target().onset; }

  void describe_target() {
    const PreparedTarget& target = view_.target();
    report_.window = {target.samples.grid.start, target.samples.grid.end()};
    const bool is_level = target.change.kind != Change::Kind::variance;
    report_.target = {target_.labels,       target.onset,
                      target.is_clear,      is_level ? Happening::level : Happening::variance,
                      target.change.before, target.change.after,
                      target.change.effect, target.is_deseasoned,
                      target.samples};
  }

  void label() {
    for (const Row& row : pass_.rows)
      labels_.push_back(row.members.size() == 1 ? source_.labels(row.members[0])
                                                : replica_groups_[row.replica_group].labels);
    co_occurrence_.emplace(pass_.rows, labels_, report_.window);
  }

  /// Its own hour: a cause of the target may have changed from the horizon before it to the end of the window.
  bool is_near(const Moment& moment) const { return moment.onset.high >= onset().low - options_.horizon; }

  struct Best {
    std::size_t row = 0;
    const Moment* moment = nullptr;
    CoOccurrence::Together co_occurrence;
    std::vector<Part> parts;
    double score = 0;
  };

  /// The best explanation that a row has to offer; that is what it is.
  void compare() {
    const auto hops = hops_from(target_.labels.value(options_.service_label), options_.calls);
    for (std::size_t i = 0; i < pass_.rows.size(); ++i) {
      Row& row = pass_.rows[i];
      Best best;
      for (const Moment& moment : row.moments) {
        if (!is_near(moment)) continue;
        Evidence evidence{moment, onset(), row.r, row.near, row.changes, 0, {}};
        CoOccurrence::Together co_occurrence = co_occurrence_->of(i, moment.onset);
        evidence.co_occurrence = co_occurrence.evidence;
        auto at = hops.find(labels_[i].value(options_.service_label));
        if (!options_.calls.empty() && at != hops.end()) evidence.hops = at->second;
        std::vector<Part> parts = score_of(evidence);
        const double score = sum_of(parts);
        if (best.moment && score <= best.score) continue;
        best = {i, &moment, std::move(co_occurrence), std::move(parts), score};
      }
      if (!best.moment) continue;
      row.outcome = order_of(best.moment->onset, onset());
      ranked_.push_back(std::move(best));
    }
    add_origins();
    std::stable_sort(ranked_.begin(), ranked_.end(), [](const Best& a, const Best& b) { return a.score > b.score; });
  }

  /// Where a chain of services changed, which of them is its end.
  void add_origins() {
    if (options_.calls.empty()) return;
    std::map<std::string_view, std::vector<std::string_view>> callees;
    for (const Call& call : options_.calls) {
      callees[call.callee];
      if (call.caller != call.callee) callees[call.caller].push_back(call.callee);
    }
    struct Changed {
      Nanos low;
      double strength;  ///< the most of those with this low or an earlier one
    };
    std::map<std::string_view, std::vector<Changed>> changed;  // by service
    for (const Best& best : ranked_)
      changed[service_of(best)].push_back({best.moment->onset.low, strength_of(best.parts)});
    for (auto& [service, all] : changed) {
      std::sort(all.begin(), all.end(), [](const Changed& a, const Changed& b) { return a.low < b.low; });
      for (std::size_t i = 1; i < all.size(); ++i) all[i].strength = std::max(all[i].strength, all[i - 1].strength);
    }
    auto strongest = [&](std::string_view service, Nanos until) {
      const std::vector<Changed>& all = changed[service];
      auto after = std::upper_bound(all.begin(), all.end(), until, [](Nanos t, const Changed& c) { return t < c.low; });
      return after == all.begin() ? 0 : std::prev(after)->strength;
    };
    for (Best& best : ranked_) {
      auto called = callees.find(service_of(best));
      if (called == callees.end()) continue;
      double most = 0;
      for (std::string_view callee : called->second) most = std::max(most, strongest(callee, best.moment->onset.high));
      // Its own whenever they changed: an earlier onset must not cost points.
      best.parts.push_back(origin_part(changed[called->first].back().strength, most));
      best.score = sum_of(best.parts);
    }
  }
  std::string_view service_of(const Best& best) const { return labels_[best.row].value(options_.service_label); }

  void account() {
    for (const Row& row : pass_.rows) {
      const bool is_part = row.members.size() > 1 && row.outcome != Outcome::not_read;
      for (std::size_t member : row.members) report_.of_candidate[member] = is_part ? Outcome::replaced : row.outcome;
    }
    for (Outcome outcome : report_.of_candidate) ++report_.outcomes[static_cast<std::size_t>(outcome)];
  }

  /// The best that changed within a horizon before each moment of the window that is long before the target's onset,
  /// against the best that did before the target. Changes that are more easily found at the window's end do not count.
  void judge() {
    struct Weighed {
      Nanos at;
      double weight;
    };
    std::vector<Weighed> weighed;
    for (std::size_t i = 0; i < pass_.rows.size(); ++i) {
      const Row& row = pass_.rows[i];
      for (const Moment& moment : row.moments)
        if (!moment.is_marginal)
          weighed.push_back(
              {moment.onset.at, weight_of(moment, row.changes, co_occurrence_->of(i, moment.onset).evidence)});
    }
    auto best_before = [&](Nanos end) {
      double best = 0;
      for (const Weighed& w : weighed)
        if (w.at <= end && w.at > end - options_.horizon) best = std::max(best, w.weight);
      return best;
    };
    const double here = best_before(onset().high);
    std::size_t moments = 0, as_good = 0;
    const Nanos step = std::max(minute, options_.horizon / 3);
    for (Nanos end = report_.window.begin + 2 * options_.horizon; end < onset().low - options_.horizon; end += step) {
      ++moments;
      as_good += best_before(end) >= here;
    }
    report_.chance = moments ? static_cast<double>(as_good) / static_cast<double>(moments) : 1;
    report_.is_explained = here > 0 && (moments < 20 || report_.chance <= most_chance);
  }
  static constexpr double most_chance = 0.02;

  void describe_findings() {
    std::vector<double> p;
    for (const Row& row : pass_.rows) p.push_back(row.p);
    q_ = false_discovery_rates(p);
    for (const Best& best : ranked_) {
      if (report_.findings.size() == options_.most_findings) break;
      report_.findings.push_back(finding_of(best));
    }
  }

  Finding finding_of(const Best& best) const {
    const Row& row = pass_.rows[best.row];
    Finding finding;
    finding.row = best.row;
    finding.labels = labels_[best.row];
    finding.members = row.members;
    if (row.members.size() == 1) finding.query = source_.query(row.members[0]);
    finding.outcome = row.outcome;
    finding.happening = best.moment->happening;
    finding.onset = best.moment->onset;
    finding.before = best.moment->before;
    finding.after = best.moment->after;
    finding.effect = best.moment->effect;
    finding.step = row.step;
    finding.lag = row.lag * row.step;
    finding.is_replaced = row.members.size() > 1;
    finding.is_rate = row.is_rate;
    finding.is_deseasoned = row.is_deseasoned;
    finding.parts = best.parts;
    finding.score = best.score;
    for (PreparedSeries& one : prepare_replica_group(replica_groups_[row.replica_group], source_, view_, options_))
      if (one.members == row.members) finding.chart = std::move(one.samples);
    const Values own = finding.chart.values, target = view_.samples(row.step).values;
    if (own.size() == target.size()) {
      finding.r = exact_correlation(own, target, row.lag);
      finding.rho = rho_of(finding, own, target);
      finding.is_same = std::abs(exact_correlation(own, target, 0)) > 0.9999;
    }
    if (std::isnan(finding.r)) finding.r = 0;
    finding.p = row.p;
    finding.q = q_[best.row];
    return finding;
  }

  /// On a window of the finding's own; of the lags around the best one, the most.
  double rho_of(const Finding& finding, Values own, Values target) const {
    const TimeGrid& grid = finding.chart.grid;
    const Nanos from = std::min(finding.onset.low, onset().low) - hour;
    const auto begin = static_cast<std::uint32_t>(std::clamp<Nanos>((from - grid.start) / grid.step, 0, grid.count));
    double most = 0;
    const auto lag = static_cast<std::int32_t>(finding.lag / grid.step);
    for (std::int32_t near = lag - 2; near <= lag + 2; ++near) {
      const double rho = rank_correlation(own, target, near, begin, grid.count);
      if (std::abs(rho) > std::abs(most)) most = rho;
    }
    return most;
  }

  /// Whether two findings go the same way, or opposite ways, from an hour before to an hour after the first's onset.
  static bool look_alike(const Finding& a, const Finding& b) {
    constexpr double alike = 0.8;
    constexpr Nanos least = 10;  // samples: fewer are often alike by chance
    const TimeGrid& grid = a.chart.grid;
    if (!(b.chart.grid == grid) || grid.count == 0) return false;
    auto place = [&](Nanos time) { return std::clamp<Nanos>((time - grid.start) / grid.step, 0, grid.count); };
    const Nanos begin = place(a.onset.at - hour), end = place(a.onset.at + hour);
    if (end - begin < least) return false;
    auto around = [&](const Samples& chart) {
      return Values(chart.values).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    };
    return std::abs(exact_correlation(around(a.chart), around(b.chart), 0)) >= alike;
  }

  /// Findings that changed within a minute of the best one that is left, with the same label or with the same shape.
  void group() {
    std::vector<bool> taken(report_.findings.size());
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (taken[i]) continue;
      Group group;
      std::vector<std::size_t> rows;
      for (std::size_t k = i; k < taken.size(); ++k) {
        const Shared &a = ranked_[i].co_occurrence.shared, &b = ranked_[k].co_occurrence.shared;
        const bool shares_label = !a.label.empty() && a.label == b.label && a.value == b.value;
        const Nanos apart = std::abs(report_.findings[i].onset.at - report_.findings[k].onset.at);
        const bool is_with = apart <= minute && (shares_label || look_alike(report_.findings[i], report_.findings[k]));
        if (taken[k] || (k != i && !is_with)) continue;
        taken[k] = true;
        group.findings.push_back(k);
        rows.push_back(report_.findings[k].row);
      }
      group.shared = co_occurrence_->shared_by(rows);
      report_.groups.push_back(std::move(group));
    }
  }

  /// By how many labels they share with the best group, then by how shortly before its onset they were.
  void rank_events() {
    if (report_.groups.empty()) return;
    const Finding& best = report_.findings[report_.groups[0].findings[0]];
    for (const Event& event : options_.events) {
      RankedEvent ranked{event, best.onset.at - event.at, 0};
      for (const auto& [name, value] : event.labels.pairs()) ranked.scope += best.labels.value(name) == value;
      if (ranked.before_onset < -5 * minute || ranked.before_onset > hour) continue;
      report_.events.push_back(std::move(ranked));
    }
    std::stable_sort(report_.events.begin(), report_.events.end(), [](const RankedEvent& a, const RankedEvent& b) {
      if (a.scope != b.scope) return a.scope > b.scope;
      return std::abs(a.before_onset) < std::abs(b.before_onset);
    });
  }

  void note() {
    auto& notes = report_.notes;
    if (!view_.target().is_clear)
      notes.push_back(options_.alert_at
                          ? "the target has no clear change within what was looked back from the alert: the "
                            "hour before the alert stands for its onset"
                          : "the target has no clear change: the last hour stands for its onset");
    if (source_.history_weeks() == 0) notes.push_back("not deseasonalised: there is no history");
    if (pass_.is_stopped)
      notes.push_back("the time was up: " + std::to_string(report_.outcomes[static_cast<int>(Outcome::not_read)]) +
                      " candidates were not read");
    for (const std::string& failure : pass_.failures) notes.push_back("not read: " + failure);
    std::size_t same = 0;
    for (const Finding& finding : report_.findings) same += finding.is_same;
    if (same)
      notes.push_back(std::to_string(same) +
                      " of what is shown is the target by another name: they are equal at every moment");
  }

  const Target& target_;
  const SeriesSource& source_;
  const Options& options_;
  TargetView view_;
  std::vector<ReplicaGroup> replica_groups_;
  FirstPass pass_;
  std::vector<Labels> labels_;  // of the rows
  std::optional<CoOccurrence> co_occurrence_;
  std::vector<Best> ranked_;
  std::vector<double> q_;  // of the rows
  Report report_;
};

}  // namespace

std::vector<Diagnostic> diagnose(const Target& target, const SeriesSource& source, const Options& options) {
  std::vector<Diagnostic> found;
  const TimeGrid& grid = target.samples.grid;
  if (source.size() == 0) found.push_back({"candidates", "candidates", "there are none", "widen the selector"});
  if (options.max_lag < 0 || options.max_lag >= grid.end() - grid.start)
    found.push_back(
        {"lag", "max lag", "the longest lag is not shorter than the window", "give a shorter lag or a longer window"});
  if (options.look_back <= 0) found.push_back({"look back", "look back", "nothing is looked back", "give a duration"});
  if (options.horizon <= 0) found.push_back({"horizon", "horizon", "the horizon is not positive", "give a duration"});
  if (options.alert_at && !Window{grid.start, grid.end() + 1}.contains(*options.alert_at))
    found.push_back({"alert", "alert", "the alert is not in the window", "move the window"});
  return found;
}

Report investigate(const Target& target, const SeriesSource& source, const Options& options,
                   const std::atomic<bool>* stop) {
  auto found = diagnose(target, source, options);
  if (!found.empty()) throw error_of(ErrorCode::usage, "investigate", found);
  Investigation investigation(target, source, options);
  return investigation.report(investigation.rows(0, investigation.replica_group_count(), stop));
}

std::size_t count_replica_groups(const Target& target, const SeriesSource& source, const Options& options) {
  auto found = diagnose(target, source, options);
  if (!found.empty()) throw error_of(ErrorCode::usage, "investigate", found);
  return replica_groups_beside(target, source, options).size();
}

FirstPass investigate_part(const Target& target, const SeriesSource& source, const Options& options, std::size_t begin,
                           std::size_t end, const std::atomic<bool>* stop) {
  return Investigation(target, source, options).rows(begin, end, stop);
}

Report conclude(const Target& target, const SeriesSource& source, const Options& options, FirstPass rows) {
  return Investigation(target, source, options).report(std::move(rows));
}

}  // namespace backlot::signals
