#include <algorithm>
#include <limits>

#include "backlot/signals/searches.h"

namespace backlot::signals {
namespace {

/// For medians in [low, high], the best objective of what was seen so far is slope × median + height, and the last
/// change of it is `begin`.
struct Piece {
  double low, high, slope, height;
  std::uint32_t begin;
  double operator()(double m) const { return slope * m + height; }
};

/// Adds |x - m|: a piece that has x inside becomes two.
void add_sample(const std::vector<Piece>& pieces, double x, std::vector<Piece>& into) {
  into.clear();
  for (const Piece& p : pieces) {
    if (p.low < x) into.push_back({p.low, std::min(p.high, x), p.slope - 1, p.height + x, p.begin});
    if (p.high > x || p.low >= x) into.push_back({std::max(p.low, x), p.high, p.slope + 1, p.height - x, p.begin});
  }
}

}  // namespace

Changes functional_l1(std::span<const double> samples, double penalty) {
  const auto count = static_cast<std::uint32_t>(samples.size());
  if (count == 0) return {};
  auto [least, most] = std::minmax_element(samples.begin(), samples.end());
  std::vector<std::uint32_t> last(count + 1, 0);
  std::vector<Piece> pieces{{*least, *most, 0, 0, 0}}, added, next;
  for (std::uint32_t t = 0; t < count; ++t) {
    add_sample(pieces, samples[t], added);
    double best = std::numeric_limits<double>::infinity();
    for (const Piece& p : added) {
      const double value = std::min(p(p.low), p(p.high));
      if (value < best) {
        best = value;
        last[t + 1] = p.begin;
      }
    }
    const double level = best + penalty;
    next.clear();
    auto fresh = [&](double low, double high) {
      if (!next.empty() && next.back().begin == t + 1) {
        next.back().high = high;
      } else {
        next.push_back({low, high, 0, level, t + 1});
      }
    };
    for (const Piece& p : added) {
      const bool low_fits = p(p.low) <= level, high_fits = p(p.high) <= level;
      if (low_fits && high_fits) {
        next.push_back(p);
        continue;
      }
      if (!low_fits && !high_fits) {  // linear: nowhere between
        fresh(p.low, p.high);
        continue;
      }
      const double at = std::clamp((level - p.height) / p.slope, p.low, p.high);
      if (low_fits) {
        next.push_back({p.low, at, p.slope, p.height, p.begin});
        fresh(at, p.high);
      } else {
        fresh(p.low, at);
        next.push_back({at, p.high, p.slope, p.height, p.begin});
      }
    }
    pieces.swap(next);
  }
  return traced_back(last, count);
}

}  // namespace backlot::signals
