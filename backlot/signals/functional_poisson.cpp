#include <algorithm>
#include <cmath>
#include <limits>

#include "backlot/signals/searches.h"

namespace backlot::signals {
namespace {

/// For logarithms of the rate in [low, high], the best objective of what was seen so far is 2 (a e^r - b r) + c, and
/// the last change of it is `begin`.
struct Piece {
  double low, high, a, b, c;
  std::uint32_t begin;
  double operator()(double r) const { return 2 * (a * std::exp(r) - b * r) + c; }
  double best() const { return b > 0 ? std::clamp(std::log(b / a), low, high) : low; }
};

/// Where a convex function that is at most `level` at `inside` and more at `outside` reaches it.
double crossing(const Piece& p, double level, double inside, double outside) {
  for (int i = 0; i < 60 && std::abs(outside - inside) > 1e-13 * (1 + std::abs(inside)); ++i) {
    double middle = (inside + outside) / 2;
    (p(middle) <= level ? inside : outside) = middle;
  }
  return inside;
}

}  // namespace

Changes functional_poisson(std::span<const double> samples, double penalty) {
  const auto count = static_cast<std::uint32_t>(samples.size());
  if (count == 0) return {};
  const double most_count = *std::max_element(samples.begin(), samples.end());
  // No segment's mean but 0 is below 1 / count; a rate of 0 stands at the lower end, where its error is below 1e-9.
  const double lowest = std::log(1e-9 / count), highest = std::log(std::max(most_count, 1.0));
  std::vector<std::uint32_t> last(count + 1, 0);
  std::vector<Piece> pieces{{lowest, highest, 0, 0, 0, 0}}, next;
  for (std::uint32_t t = 0; t < count; ++t) {
    double best = std::numeric_limits<double>::infinity();
    for (Piece& p : pieces) {
      p.a += 1;
      p.b += samples[t];
      double value = p(p.best());
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
        next.push_back({low, high, 0, 0, level, t + 1});
      }
    };
    for (const Piece& p : pieces) {
      const double middle = p.best();
      if (p(middle) > level) {
        fresh(p.low, p.high);
        continue;
      }
      const double low = p(p.low) <= level ? p.low : crossing(p, level, middle, p.low);
      const double high = p(p.high) <= level ? p.high : crossing(p, level, middle, p.high);
      if (low > p.low) fresh(p.low, low);
      next.push_back({low, high, p.a, p.b, p.c, p.begin});
      if (high < p.high) fresh(high, p.high);
    }
    pieces.swap(next);
  }
  return traced_back(last, count);
}

}  // namespace backlot::signals
