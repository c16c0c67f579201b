// Means of any stretch of samples, and how far its samples lie from them, in constant time after one pass.
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace backlot::signals {

/// Of samples [begin, end) each. Sums are taken around the first sample, so that an offset costs no digits.
class Levels {
 public:
  /// Precondition: not empty.
  explicit Levels(std::span<const double> samples)
      : offset_(samples[0]), sums_(samples.size() + 1), squares_(samples.size() + 1), moments_(samples.size() + 1) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double d = samples[i] - offset_;
      sums_[i + 1] = sums_[i] + d;
      squares_[i + 1] = squares_[i] + d * d;
      moments_[i + 1] = moments_[i] + d * static_cast<double>(i);
    }
  }
  double mean(std::uint32_t begin, std::uint32_t end) const {
    return offset_ + (sums_[end] - sums_[begin]) / (end - begin);
  }
  /// Squared distances from the mean.
  double around_mean(std::uint32_t begin, std::uint32_t end) const {
    const double s = sums_[end] - sums_[begin];
    return squares_[end] - squares_[begin] - s * s / (end - begin);
  }
  /// And from the best line.
  double around_line(std::uint32_t begin, std::uint32_t end) const {
    const double n = end - begin, middle = begin + (n - 1) / 2;
    if (n < 3) return 0;
    const double s = sums_[end] - sums_[begin], xy = moments_[end] - moments_[begin] - middle * s;
    return around_mean(begin, end) - xy * xy / (n * (n * n - 1) / 12);
  }
  /// How much less the two parts are spread around means of their own than the whole is: what a change at `at` gains.
  double gain(std::uint32_t begin, std::uint32_t at, std::uint32_t end) const {
    return around_mean(begin, end) - around_mean(begin, at) - around_mean(at, end);
  }

 private:
  double offset_;
  std::vector<double> sums_, squares_, moments_;
};

/// The changes at which a cut would gain no more than `slack` less than the one at `at`: [low, high], both inside of
/// (begin, end). `cost(b, e)` is that of samples [b, e).
template <class SegmentCost>
std::pair<std::uint32_t, std::uint32_t> as_good_as(const SegmentCost& cost, std::uint32_t begin, std::uint32_t at,
                                                   std::uint32_t end, double slack) {
  auto of_cut = [&](std::uint32_t cut) { return cost(begin, cut) + cost(cut, end); };
  const double most = of_cut(at) + slack;
  std::uint32_t low = at, high = at;
  while (low > begin + 1 && of_cut(low - 1) <= most) --low;
  while (high + 1 < end && of_cut(high + 1) <= most) ++high;
  return {low, high};
}

}  // namespace backlot::signals
