// From an alert to the few series that explain it, spread over many processes: shards of the candidates each leave a
// compact row for every one of theirs, and the join concludes from all of them. The report is that of `backlot signals
// investigate` on the same file, whatever the number of shards.
#pragma once
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "apps/signals/report_page.h"
#include "backlot/base/error.h"
#include "backlot/sdk/flow.h"
#include "backlot/signals/histograms.h"
#include "backlot/signals/investigate.h"
#include "backlot/signals/raw_series.h"
#include "backlot/signals/read_series.h"
#include "backlot/signals/report_json.h"
#include "backlot/signals/selector.h"
#include "backlot/signals/time_text.h"

namespace investigation {

namespace signals = backlot::signals;

/// A row as it is stored: about 64 bytes, and some more for each change.
struct StoredRow {
  std::int64_t unit = 0;
  std::vector<std::int64_t> members;
  int outcome = 0, flags = 0, changes = 0;
  double sigma = 0, r = 0, near = 0, p = 0;
  std::int64_t lag = 0, step = 0;
  std::vector<int> happenings;       // twice what happened, and one more when it is marginal
  std::vector<std::int64_t> onsets;  // at, low, high of each
  std::vector<double> sizes;         // before, after, effect of each
  BACKLOT_FIELDS(unit, members, outcome, flags, changes, sigma, r, near, p, lag, step, happenings, onsets, sizes)
};

inline StoredRow stored(const signals::Row& row) {
  StoredRow to;
  to.unit = static_cast<std::int64_t>(row.replica_group);
  to.members.assign(row.members.begin(), row.members.end());
  to.outcome = static_cast<int>(row.outcome);
  to.flags = row.is_rate | row.is_deseasoned << 1;
  to.changes = static_cast<int>(row.changes);
  to.sigma = row.sigma, to.r = row.r, to.near = row.near, to.p = row.p;
  to.lag = row.lag, to.step = row.step;
  for (const signals::Moment& m : row.moments) {
    to.happenings.push_back(2 * static_cast<int>(m.happening) + m.is_marginal);
    to.onsets.insert(to.onsets.end(), {m.onset.at, m.onset.low, m.onset.high});
    to.sizes.insert(to.sizes.end(), {m.before, m.after, m.effect});
  }
  return to;
}

inline signals::Row loaded(const StoredRow& from) {
  signals::Row row;
  row.replica_group = static_cast<std::size_t>(from.unit);
  row.members.assign(from.members.begin(), from.members.end());
  row.outcome = static_cast<signals::Outcome>(from.outcome);
  row.is_rate = from.flags & 1;
  row.is_deseasoned = from.flags & 2;
  row.changes = static_cast<std::uint32_t>(from.changes);
  row.sigma = from.sigma, row.r = from.r, row.near = from.near, row.p = from.p;
  row.lag = static_cast<std::int32_t>(from.lag), row.step = from.step;
  for (std::size_t i = 0; i < from.happenings.size(); ++i) {
    const std::int64_t* at = &from.onsets[3 * i];
    const double* size = &from.sizes[3 * i];
    const int happening = from.happenings[i];
    row.moments.push_back({static_cast<signals::Happening>(happening / 2),
                           {at[0], at[1], at[2]},
                           size[0],
                           size[1],
                           size[2],
                           happening % 2 == 1});
  }
  return row;
}

/// Candidates in tensors that are mapped, not copied: a shard reads its own only.
class StoredSource : public signals::SeriesSource {
 public:
  StoredSource(const std::vector<std::string>& names, const backlot::Tensor<std::int64_t>& times,
               const backlot::Tensor<double>& values, const backlot::Tensor<std::uint64_t>& ends,
               signals::Window window, unsigned weeks)
      : names_(names), times_(times), values_(values), ends_(ends), window_(window), weeks_(weeks) {}
  std::size_t size() const override { return names_.size(); }
  signals::Labels labels(std::size_t i) const override { return signals::labels_of(names_[i]); }
  unsigned history_weeks() const override { return weeks_; }
  void read(std::size_t i, unsigned week, signals::Samples& into) const override {
    const signals::RawSeries raw = series(i);
    const signals::Nanos back = static_cast<signals::Nanos>(week) * 7 * signals::day, step = signals::step_of(raw);
    signals::Irregularities ignored;
    signals::put_on_grid(raw, {window_.begin - back, window_.end - back}, step > 0 ? step : window_.end - window_.begin,
                         into, ignored);
  }
  signals::RawSeries series(std::size_t i) const {
    const std::size_t begin = i ? ends_[i - 1] : 0, end = ends_[i];
    signals::RawSeries raw;
    raw.labels = labels(i);
    raw.kind = signals::kind_by_name(raw.labels.metric());
    raw.times.assign(times_.data().begin() + static_cast<std::ptrdiff_t>(begin),
                     times_.data().begin() + static_cast<std::ptrdiff_t>(end));
    raw.values.assign(values_.data().begin() + static_cast<std::ptrdiff_t>(begin),
                      values_.data().begin() + static_cast<std::ptrdiff_t>(end));
    return raw;
  }

 private:
  const std::vector<std::string>& names_;
  const backlot::Tensor<std::int64_t>& times_;
  const backlot::Tensor<double>& values_;
  const backlot::Tensor<std::uint64_t>& ends_;
  signals::Window window_;
  unsigned weeks_;
};

/// And as they are analysed.
struct Candidates {
  StoredSource stored;
  signals::FoldedHistograms folded{stored};
};

inline std::vector<signals::RawSeries> read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  return file.extension() == ".csv" ? signals::read_csv(bytes) : signals::read_json_lines(bytes);
}

}  // namespace investigation

struct Investigate {
  backlot::Parameter<std::filesystem::path> series{"A file of series, .csv or .jsonl (docs/signals.md)"};
  backlot::Parameter<std::string> target{"The series to explain: metric{label=\"value\"}"};
  backlot::Parameter<std::string> alert{"When the alert began to be true; empty: the largest change", ""};
  backlot::Parameter<int> max_lag{"The longest lag of the correlation, in seconds; windows must be longer", 3600};
  backlot::Parameter<int> shards{"How many tasks share the candidates", 8};
  backlot::Artifact<std::vector<std::string>> names;  ///< of the candidates
  backlot::Artifact<backlot::Tensor<std::int64_t>> times;
  backlot::Artifact<backlot::Tensor<double>> values;
  backlot::Artifact<backlot::Tensor<std::uint64_t>> ends;  ///< of each candidate's samples
  backlot::Artifact<std::vector<std::int64_t>> window;
  backlot::Artifact<int> weeks;
  backlot::Artifact<std::vector<std::int64_t>> parts;  ///< the first replica group of each
  backlot::Artifact<std::int64_t> units;
  backlot::Artifact<std::vector<investigation::StoredRow>> rows;
  backlot::Artifact<std::string> report;  ///< JSON
  backlot::Artifact<std::string> page;    ///< the same for people: one HTML page
  BACKLOT_FIELDS(series, target, alert, max_lag, shards, names, times, values, ends, window, weeks, parts, units, rows, report,
                 page)

  /// The target is the last of the stored series; it is no candidate, so it is left out of `names`.
  void start() {
    namespace s = backlot::signals;
    std::vector<s::RawSeries> all = investigation::read(*series);
    const s::Selector wanted(*target);
    std::stable_partition(all.begin(), all.end(), [&](const s::RawSeries& one) { return !wanted.matches(one.labels); });
    if (all.empty() || !wanted.matches(all.back().labels)) throw std::runtime_error("no series is '" + *target + "'");
    std::vector<std::int64_t> all_times;
    std::vector<double> all_values;
    std::vector<std::uint64_t> all_ends;
    for (s::RawSeries& one : all) {
      s::Irregularities ignored;
      s::put_in_order(one, ignored);
      all_times.insert(all_times.end(), one.times.begin(), one.times.end());
      all_values.insert(all_values.end(), one.values.begin(), one.values.end());
      all_ends.push_back(all_times.size());
      if (&one != &all.back()) names.edit().push_back(one.labels.text());
    }
    if (names->empty()) throw std::runtime_error("there is no series beside the target");
    const s::RawSeries& goal = all.back();
    if (goal.times.size() < 2) throw std::runtime_error("the target has fewer than two samples");
    const s::Nanos end = goal.times.back() + s::step_of(goal), begin = std::max(goal.times.front(), end - s::day);
    int found = 0;
    for (const s::RawSeries& one : all)
      while (found < 4 && !one.times.empty() && one.times.front() < end - (found + 1) * 7 * s::day) ++found;
    times = backlot::Tensor<std::int64_t>(std::move(all_times));
    values = backlot::Tensor<double>(std::move(all_values));
    ends = backlot::Tensor<std::uint64_t>(std::move(all_ends));
    window = std::vector<std::int64_t>{begin, end};
    weeks = found;
    const auto asked = options();
    units = static_cast<std::int64_t>(s::count_replica_groups(goal_of(), source().folded, asked));
    const std::int64_t each = (*units + std::max(1, *shards) - 1) / std::max(1, *shards);
    parts = std::vector<std::int64_t>{};
    for (std::int64_t first = 0; first < *units; first += each) parts.edit().push_back(first);
    std::printf("%zu candidates, %lld to analyse, in %zu shards; %d weeks of history\n", names->size(),
                static_cast<long long>(*units), parts->size(), found);
  }

  void shard(const std::int64_t& first) {
    auto after = std::upper_bound(parts->begin(), parts->end(), first);
    const std::int64_t end = after == parts->end() ? *units : *after;
    const auto found = backlot::signals::investigate_part(
        goal_of(), source().folded, options(), static_cast<std::size_t>(first), static_cast<std::size_t>(end));
    std::vector<investigation::StoredRow> kept;
    for (const auto& row : found.rows) kept.push_back(investigation::stored(row));
    rows = std::move(kept);
  }

  void conclude(const backlot::Inputs<Investigate, std::int64_t>& shards_done) {
    backlot::signals::FirstPass all;
    for (const auto& branch : shards_done)
      for (const auto& row : *branch->rows) all.rows.push_back(investigation::loaded(row));
    const auto first = shards_done[0];
    const Investigate& any = *first.operator->();
    const auto found = backlot::signals::conclude(any.goal_of(), any.source().folded, any.options(), std::move(all));
    report = backlot::signals::to_json(found);
    page = backlot::signals::app::report_page(found);
    std::printf("%s: %s\n", target->c_str(), found.is_explained ? "explained" : "no candidate explains this");
    for (std::size_t i = 0; i < std::min<std::size_t>(5, found.findings.size()); ++i)
      std::printf("%5.1f  %s\n", found.findings[i].score, found.findings[i].labels.text().c_str());
  }

  investigation::Candidates source() const {
    return {investigation::StoredSource(*names, *times, *values, *ends, {(*window)[0], (*window)[1]},
                                        static_cast<unsigned>(*weeks))};
  }

  backlot::signals::Target goal_of() const {
    namespace s = backlot::signals;
    const std::size_t last = ends->size() - 1, begin = last ? (*ends)[last - 1] : 0;
    s::RawSeries raw;
    raw.times.assign(times->data().begin() + static_cast<std::ptrdiff_t>(begin), times->data().end());
    raw.values.assign(values->data().begin() + static_cast<std::ptrdiff_t>(begin), values->data().end());
    s::Target goal;
    goal.labels = s::labels_of(*target);
    raw.kind = s::kind_by_name(goal.labels.metric());
    for (int week = 0; week <= *weeks; ++week) {
      const s::Nanos back = week * 7 * s::day;
      s::Samples samples;
      s::Irregularities ignored;
      s::put_on_grid(raw, {(*window)[0] - back, (*window)[1] - back}, s::step_of(raw), samples, ignored);
      if (week == 0)
        goal.samples = std::move(samples);
      else
        goal.weeks.push_back(std::move(samples));
    }
    return goal;
  }

  backlot::signals::Options options() const {
    backlot::signals::Options asked;
    asked.max_lag = *max_lag * backlot::signals::second;
    if (!alert->empty()) {
      auto at = backlot::signals::time_of(*alert);
      if (!at) throw std::runtime_error("alert: '" + *alert + "' is no time");
      asked.alert_at = *at;
    }
    return asked;
  }

  template <class F>
  static constexpr auto graph() {
    using namespace backlot;
    return chain(step<&F::start>, foreach<&F::parts>(step<&F::shard>.retry({.times = 2})).join(step<&F::conclude>));
  }
};
