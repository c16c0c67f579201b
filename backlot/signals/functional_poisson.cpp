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
  double e_low, e_high;  // e to the power of low and of high
  double at(double r, double e_r) const { return 2 * (a * e_r - b * r) + c; }
  double at_low() const { return at(low, e_low); }
  double at_high() const { return at(high, e_high); }
  /// The least, which is where the rate is the mean, if that is inside.
  double least() const {
    const double mean = b / a;
    return mean <= e_low ? at_low() : mean >= e_high ? at_high() : at(std::log(mean), mean);
  }
};

/// Where the function reaches `level` beside its least, coming from `outside`, where it is more: it is convex, so
/// Newton's steps never go past that place.
double crossing(const Piece& p, double level, double outside) {
  double r = outside;
  for (int i = 0; i < 100; ++i) {
    const double e_r = std::exp(r), above = p.at(r, e_r) - level, slope = 2 * (p.a * e_r - p.b);
    const double next = r - above / slope;
    if (!(above > 0) || slope == 0 || next == r) break;
    const bool is_close = std::abs(next - r) < 1e-13 * (1 + std::abs(r));
    r = next;
    if (is_close) break;
  }
  return r;
}

}  // namespace

Changes functional_poisson(std::span<const double> samples, double penalty) {
  const auto count = static_cast<std::uint32_t>(samples.size());
  if (count == 0) return {};
  const double most_count = *std::max_element(samples.begin(), samples.end());
  // No segment's mean but 0 is below 1 / count; a rate of 0 stands at the lower end, where its error is below 1e-9.
  const double lowest = std::log(1e-9 / count), highest = std::log(std::max(most_count, 1.0));
  std::vector<std::uint32_t> last(count + 1, 0);
  std::vector<Piece> pieces{{lowest, highest, 0, 0, 0, 0, std::exp(lowest), std::exp(highest)}}, next;
  for (std::uint32_t t = 0; t < count; ++t) {
    double best = std::numeric_limits<double>::infinity();
    for (Piece& p : pieces) {
      p.a += 1;
      p.b += samples[t];
      const double value = p.least();
      if (value < best) {
        best = value;
        last[t + 1] = p.begin;
      }
    }
    const double level = best + penalty;
    next.clear();
    auto fresh = [&](double low, double e_low, double high, double e_high) {
      if (!next.empty() && next.back().begin == t + 1) {
        next.back().high = high;
        next.back().e_high = e_high;
      } else {
        next.push_back({low, high, 0, 0, level, t + 1, e_low, e_high});
      }
    };
    for (const Piece& p : pieces) {
      const bool low_fits = p.at_low() <= level, high_fits = p.at_high() <= level;
      if (low_fits && high_fits) {
        next.push_back(p);
        continue;
      }
      if (!low_fits && !high_fits && p.least() > level) {
        fresh(p.low, p.e_low, p.high, p.e_high);
        continue;
      }
      Piece kept = p;
      if (!low_fits) {
        kept.low = std::min(crossing(p, level, p.low), p.high);
        kept.e_low = std::exp(kept.low);
        fresh(p.low, p.e_low, kept.low, kept.e_low);
      }
      if (!high_fits) {
        kept.high = std::max(crossing(p, level, p.high), kept.low);
        kept.e_high = std::exp(kept.high);
      }
      next.push_back(kept);
      if (!high_fits) fresh(kept.high, kept.e_high, p.high, p.e_high);
    }
    pieces.swap(next);
  }
  return traced_back(last, count);
}

}  // namespace backlot::signals
