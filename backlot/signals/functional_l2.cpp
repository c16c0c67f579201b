#include <algorithm>
#include <cmath>
#include <limits>

#include "backlot/signals/searches.h"

namespace backlot::signals {
namespace {

/// For means in [low, high], the best objective of what was seen so far is a mean² - 2 b mean + c, and the last change
/// of it is `begin`.
struct Piece {
  double low, high, a, b, c;
  std::uint32_t begin;
};

/// The pieces after a new segment may begin anywhere at the price `most`: where a piece costs more, that segment does.
class Pruned {
 public:
  /// Room for three pieces of each that is added.
  Pruned(Piece* into, double most, std::uint32_t begin) : first_(into), next_(into), most_(most), begin_(begin) {}
  void add(const Piece& p) {
    const double middle = p.b / p.a, rest = most_ - (p.c - p.b * middle);
    if (rest <= 0) return fresh(p.low, p.high);
    const double half = std::sqrt(rest / p.a);
    const double low = std::max(p.low, middle - half), high = std::min(p.high, middle + half);
    if (low > high || (low == high && p.low < p.high)) return fresh(p.low, p.high);
    if (low > p.low) fresh(p.low, low);
    *next_++ = {low, high, p.a, p.b, p.c, p.begin};
    if (high < p.high) fresh(high, p.high);
  }
  std::size_t size() const { return static_cast<std::size_t>(next_ - first_); }

 private:
  void fresh(double low, double high) {
    if (next_ > first_ && next_[-1].begin == begin_) {
      next_[-1].high = high;
    } else {
      *next_++ = {low, high, 0, 0, most_, begin_};
    }
  }

  Piece *first_, *next_;
  double most_;
  std::uint32_t begin_;
};

}  // namespace

Changes functional_l2(std::span<const double> samples, double penalty) {
  const auto count = static_cast<std::uint32_t>(samples.size());
  if (count == 0) return {};
  auto [least, most] = std::minmax_element(samples.begin(), samples.end());
  std::vector<std::uint32_t> last(count + 1, 0);
  std::vector<Piece> pieces{{*least, *most, 0, 0, 0, 0}}, next;
  std::size_t size = 1;
  for (std::uint32_t t = 0; t < count; ++t) {
    const double x = samples[t], square = x * x;
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < size; ++i) {
      Piece& p = pieces[i];
      p.a += 1;
      p.b += x;
      p.c += square;
      const double mean = std::clamp(p.b / p.a, p.low, p.high), value = (p.a * mean - 2 * p.b) * mean + p.c;
      if (value < best) {
        best = value;
        last[t + 1] = p.begin;
      }
    }
    if (next.size() < 3 * size) next.resize(6 * size);
    Pruned pruned(next.data(), best + penalty, t + 1);
    for (std::size_t i = 0; i < size; ++i) pruned.add(pieces[i]);
    size = pruned.size();
    pieces.swap(next);
  }
  return traced_back(last, count);
}

}  // namespace backlot::signals
