#include "backlot/signals/raw_series.h"

#include <algorithm>
#include <numeric>

namespace backlot::signals {

Kind kind_by_name(std::string_view metric) {
  for (std::string_view end : {"_total", "_count", "_sum", "_bucket"})
    if (metric.ends_with(end)) return Kind::counter;
  return Kind::gauge;
}

void put_in_order(RawSeries& series, Irregularities& found) {
  const std::size_t count = series.times.size();
  std::size_t late = 0;
  for (std::size_t i = 1; i < count; ++i) late += series.times[i] < series.times[i - 1];
  if (late) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return series.times[a] < series.times[b]; });
    RawSeries sorted{series.labels, series.kind, {}, {}};
    for (std::size_t i : order) {
      sorted.times.push_back(series.times[i]);
      sorted.values.push_back(series.values[i]);
    }
    series = std::move(sorted);
  }
  found.unsorted += late;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 1 < count && series.times[i + 1] == series.times[i]) {
      ++found.duplicates;
      continue;
    }
    series.times[kept] = series.times[i];
    series.values[kept++] = series.values[i];
  }
  series.times.resize(kept);
  series.values.resize(kept);
}

Nanos step_of(const RawSeries& series) {
  std::vector<Nanos> distances;
  for (std::size_t i = 1; i < series.times.size(); ++i) distances.push_back(series.times[i] - series.times[i - 1]);
  if (distances.empty()) return 0;
  auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  const Nanos whole = (*middle + second / 2) / second * second;
  return whole > 0 ? whole : *middle;
}

void put_on_grid(const RawSeries& series, Window window, Nanos step, Samples& into, Irregularities& found) {
  into.kind = series.kind;
  into.unit.clear();
  into.assign({window.begin, step, static_cast<std::uint32_t>((window.end - window.begin) / step)});
  auto first = std::lower_bound(series.times.begin(), series.times.end(), window.begin);
  for (auto at = first; at != series.times.end() && *at < window.end; ++at) {
    const auto i = static_cast<std::uint32_t>((*at - window.begin) / step);
    if (i >= into.grid.count) break;
    if (into.missing[i] != Missing::absent) ++found.crowded;
    into.set(i, series.values[static_cast<std::size_t>(at - series.times.begin())]);
  }
}

std::vector<Nanos> weeks_back(unsigned weeks) {
  std::vector<Nanos> back;
  for (unsigned week = 1; week <= weeks; ++week) back.push_back(static_cast<Nanos>(week) * 7 * day);
  return back;
}

MemorySource::MemorySource(std::vector<RawSeries> series, Window window, std::vector<Nanos> back)
    : series_(std::move(series)), window_(window) {
  std::size_t reached = 0;
  for (RawSeries& one : series_) {
    put_in_order(one, irregularities_);
    const Nanos step = step_of(one);
    steps_.push_back(step > 0 ? step : window.end - window.begin);
    while (reached < back.size() && !one.times.empty() && one.times.front() < window.end - back[reached]) ++reached;
  }
  back.resize(reached);
  back_ = std::move(back);
}

void MemorySource::read(std::size_t i, unsigned week, Samples& into) const {
  const Nanos back = week ? back_[week - 1] : 0;
  Irregularities ignored;
  put_on_grid(series_[i], {window_.begin - back, window_.end - back}, steps_[i], into, ignored);
}

}  // namespace backlot::signals
