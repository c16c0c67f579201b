#include "backlot/signals/histograms.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace backlot::signals {
namespace {

constexpr std::string_view bucket_end = "_bucket";
constexpr const char* derived[] = {"_rate", "_p50", "_p99"};
constexpr double quantiles[] = {0, 0.5, 0.99};

std::optional<double> upper_end(std::string_view le) {
  if (le == "+Inf" || le == "Inf") return std::numeric_limits<double>::infinity();
  double value = 0;
  auto [end, failed] = std::from_chars(le.data(), le.data() + le.size(), value);
  if (le.empty() || failed != std::errc() || end != le.data() + le.size()) return std::nullopt;
  return value;
}

/// What each step of a counter adds; missing where it is not known.
void increments(Samples& samples) {
  double before = std::numeric_limits<double>::quiet_NaN();
  for (std::uint32_t i = 0; i < samples.grid.count; ++i) {
    const double now = samples.values[i];
    if (samples.has(i)) {
      if (std::isnan(before))
        samples.lose(i, Missing::absent);
      else if (now < before)
        samples.lose(i, Missing::reset);
      else
        samples.values[i] = now - before;
    }
    before = now;
  }
}

/// `counts`: of observations up to each end.
double quantile(double q, const std::vector<double>& ends, const std::vector<double>& counts) {
  const double wanted = q * counts.back();
  std::size_t b = 0;
  while (b + 1 < counts.size() && counts[b] < wanted) ++b;
  if (std::isinf(ends[b])) return b ? ends[b - 1] : std::numeric_limits<double>::quiet_NaN();
  const double begin = b ? ends[b - 1] : std::min(0.0, ends[0]), below = b ? counts[b - 1] : 0;
  if (counts[b] == below) return ends[b];
  return begin + (ends[b] - begin) * (wanted - below) / (counts[b] - below);
}

}  // namespace

FoldedHistograms::FoldedHistograms(const SeriesSource& source) : source_(source) {
  std::map<Labels, std::size_t> known;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const Labels labels = source.labels(i);
    auto end = upper_end(labels.value("le"));
    if (!end || !labels.metric().ends_with(bucket_end)) {
      plain_.push_back(i);
      continue;
    }
    Labels shared = labels.without({"le"});
    auto [at, is_new] = known.emplace(shared, sets_.size());
    if (is_new) sets_.push_back({std::move(shared), {}});
    sets_[at->second].buckets.emplace_back(*end, i);
  }
  for (Set& set : sets_) std::sort(set.buckets.begin(), set.buckets.end());
}

Labels FoldedHistograms::labels(std::size_t i) const {
  if (i < plain_.size()) return source_.labels(plain_[i]);
  const Set& set = sets_[(i - plain_.size()) / 3];
  std::string metric(set.labels.metric().substr(0, set.labels.metric().size() - bucket_end.size()));
  metric += derived[(i - plain_.size()) % 3];
  auto pairs = set.labels.without({std::string(metric_label)}).pairs();
  pairs.emplace_back(metric_label, metric);
  return Labels(std::move(pairs));
}

std::string FoldedHistograms::query(std::size_t i) const {
  if (i < plain_.size()) return source_.query(plain_[i]);
  const Set& set = sets_[(i - plain_.size()) / 3];
  const std::size_t which = (i - plain_.size()) % 3;
  if (which > 0)
    return std::string("histogram_quantile(") + (which == 1 ? "0.5" : "0.99") + ", sum by (le) (rate(" +
           set.labels.text() + "[5m])))";
  auto pairs = set.labels.pairs();
  pairs.emplace_back("le", "+Inf");
  return "rate(" + Labels(std::move(pairs)).text() + "[5m])";
}

void FoldedHistograms::read(std::size_t i, unsigned week, Samples& into) const {
  if (i < plain_.size()) return source_.read(plain_[i], week, into);
  const Set& set = sets_[(i - plain_.size()) / 3];
  const std::size_t which = (i - plain_.size()) % 3;
  std::vector<Samples> buckets(set.buckets.size());
  std::vector<double> ends, counts(buckets.size());
  for (std::size_t b = 0; b < buckets.size(); ++b) {
    source_.read(set.buckets[b].second, week, buckets[b]);
    increments(buckets[b]);
    ends.push_back(set.buckets[b].first);
  }
  const TimeGrid grid = buckets.back().grid;
  into.kind = Kind::gauge;
  into.unit.clear();
  into.assign(grid);
  for (std::uint32_t t = 0; t < grid.count; ++t) {
    bool is_known = true;
    for (std::size_t b = 0; b < buckets.size() && is_known; ++b) {
      is_known = t < buckets[b].grid.count && buckets[b].has(t);
      if (is_known)
        counts[b] = buckets[b].values[t];
      else
        into.missing[t] = t < buckets[b].grid.count ? buckets[b].missing[t] : Missing::absent;
    }
    if (!is_known) continue;
    if (which == 0) {
      into.set(t, counts.back() / (static_cast<double>(grid.step) / static_cast<double>(second)));
    } else if (counts.back() > 0) {
      into.set(t, quantile(quantiles[which], ends, counts));
    }
  }
}

}  // namespace backlot::signals
