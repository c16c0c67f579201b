#include "backlot/signals/prepare.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "backlot/base/error.h"

namespace backlot::signals {
namespace {

/// The mean increment of a counter whose increments are all whole; none else.
bool is_sparse(const Samples& s) {
  double sum = 0;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < s.grid.count; ++i) {
    if (!s.has(i)) continue;
    if (s.values[i] != std::floor(s.values[i])) return false;
    sum += s.values[i];
    ++count;
  }
  return count > 0 && sum / count < sparse_increment;
}

/// The median of a handful, which sorting by insertion finds soonest.
double median_of_few(std::span<double> values) {
  for (std::size_t i = 1; i < values.size(); ++i)
    for (std::size_t k = i; k > 0 && values[k] < values[k - 1]; --k) std::swap(values[k], values[k - 1]);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// How well the median of the weeks explains the samples, and by which factor.
struct Fit {
  double slope = 0, level = 0, season = 0;
};

Fit fit(const Samples& samples, const std::vector<double>& season, std::uint32_t until) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  for (std::uint32_t i = 0; i < until; ++i) {
    if (!samples.has(i) || std::isnan(season[i])) continue;
    n += 1;
    x += season[i];
    y += samples.values[i];
  }
  if (n < 10) return {};
  const double mx = x / n, my = y / n;
  for (std::uint32_t i = 0; i < until; ++i) {
    if (!samples.has(i) || std::isnan(season[i])) continue;
    const double dx = season[i] - mx, dy = samples.values[i] - my;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  // What is left after a fit to n samples is smaller by chance, too: less than a tenth explained is nothing.
  if (xx == 0 || yy == 0 || xy <= 0 || xy * xy / (xx * yy) < 0.1) return {};
  return {xy / xx, my, mx};
}

}  // namespace

void differentiate(Samples& samples) {
  if (samples.kind != Kind::counter) return;
  const double seconds = static_cast<double>(samples.grid.step) / static_cast<double>(second);
  double before = 0;
  bool has_before = false;
  for (std::uint32_t i = 0; i < samples.grid.count; ++i) {
    if (!samples.has(i)) {
      has_before = false;
      continue;
    }
    const double now = samples.values[i];
    if (!has_before) {
      samples.lose(i, Missing::absent);
    } else if (now < before) {
      samples.lose(i, Missing::reset);
    } else {
      samples.values[i] = now - before;
    }
    before = now;
    has_before = true;
  }
  samples.kind = is_sparse(samples) ? Kind::count : Kind::gauge;
  if (samples.kind == Kind::count) return;
  for (double& value : samples.values) value /= seconds;
  if (!samples.unit.empty()) samples.unit += "/s";
}

void coarsen(Samples& samples, Nanos step) {
  if (step == samples.grid.step) return;
  BACKLOT_ASSERT(step > samples.grid.step && step % samples.grid.step == 0 && samples.kind != Kind::counter);
  const auto each = static_cast<std::uint32_t>(step / samples.grid.step);
  Samples coarse;
  coarse.kind = samples.kind;
  coarse.unit = samples.unit;
  coarse.assign({samples.grid.start, step, samples.grid.count / each});
  for (std::uint32_t i = 0; i < coarse.grid.count; ++i) {
    double sum = 0;
    std::uint32_t there = 0;
    Missing reason = Missing::absent;
    for (std::uint32_t k = i * each; k < (i + 1) * each; ++k) {
      if (samples.has(k)) {
        sum += samples.values[k];
        ++there;
      } else {
        reason = samples.missing[k];
      }
    }
    const bool is_enough = samples.kind == Kind::count ? there == each : there > 0;
    if (is_enough) {
      coarse.set(i, samples.kind == Kind::count ? sum : sum / there);
    } else {
      coarse.lose(i, reason);
    }
  }
  samples = std::move(coarse);
}

void settle_absence(Samples& samples, Absence absence) {
  if (absence == Absence::missing) return;
  for (std::uint32_t i = 0; i < samples.grid.count; ++i)
    if (samples.missing[i] == Missing::absent) samples.set(i, 0);
}

bool deseason(Samples& samples, std::span<const Samples> weeks, std::uint32_t fitted_until) {
  std::vector<double> season(samples.grid.count, std::numeric_limits<double>::quiet_NaN());
  std::vector<double> room(weeks.size());
  std::uint32_t known = 0;
  for (std::uint32_t i = 0; i < samples.grid.count; ++i) {
    std::size_t there = 0;
    for (const Samples& week : weeks)
      if (i < week.grid.count && week.has(i)) room[there++] = week.values[i];
    if (there == 0) continue;
    season[i] = median_of_few({room.data(), there});
    ++known;
  }
  if (known * 2 < samples.grid.count) return false;
  const Fit found = fit(samples, season, fitted_until);
  if (found.slope == 0) return true;  // it has no season: it stays as it is
  for (std::uint32_t i = 0; i < samples.grid.count; ++i) {
    if (!samples.has(i)) continue;
    if (std::isnan(season[i])) {
      samples.lose(i, Missing::absent);
    } else {
      samples.values[i] -= found.slope * (season[i] - found.season);
    }
  }
  if (samples.kind == Kind::count) samples.kind = Kind::gauge;
  return true;
}

}  // namespace backlot::signals
