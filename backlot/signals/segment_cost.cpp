#include "backlot/signals/segment_cost.h"

#include <cmath>
#include <vector>

#include "backlot/signals/range_median.h"

namespace backlot::signals {
namespace {

/// Prefix sums of the samples and of their squares.
class Sums {
 public:
  explicit Sums(std::span<const double> samples) : sums_(samples.size() + 1), squares_(samples.size() + 1) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      sums_[i + 1] = sums_[i] + samples[i];
      squares_[i + 1] = squares_[i] + samples[i] * samples[i];
    }
  }
  double sum(std::uint32_t begin, std::uint32_t end) const { return sums_[end] - sums_[begin]; }
  /// Around the mean.
  double squares(std::uint32_t begin, std::uint32_t end) const {
    double s = sum(begin, end);
    return std::max(0.0, squares_[end] - squares_[begin] - s * s / (end - begin));
  }

 private:
  std::vector<double> sums_, squares_;
};

class L2 : public SegmentCost {
 public:
  explicit L2(std::span<const double> samples) : sums_(samples) {}
  double operator()(std::uint32_t begin, std::uint32_t end) const override { return sums_.squares(begin, end); }

 private:
  Sums sums_;
};

class NormalCost : public SegmentCost {
 public:
  explicit NormalCost(std::span<const double> samples) : sums_(samples) {
    // A segment without any variance would cost minus infinity: none has less than a millionth of the whole's.
    auto count = static_cast<std::uint32_t>(samples.size());
    floor_ = count ? 1e-6 * sums_.squares(0, count) / count : 0;
    if (floor_ == 0) floor_ = 1;
  }
  double operator()(std::uint32_t begin, std::uint32_t end) const override {
    double size = end - begin, squares = sums_.squares(begin, end), variance = std::max(floor_, squares / size);
    return size * std::log(variance) + squares / variance;
  }

 private:
  Sums sums_;
  double floor_ = 1;
};

class PoissonCost : public SegmentCost {
 public:
  explicit PoissonCost(std::span<const double> samples) : sums_(samples) {}
  double operator()(std::uint32_t begin, std::uint32_t end) const override {
    double sum = sums_.sum(begin, end);
    return sum > 0 ? 2 * sum * (1 - std::log(sum / (end - begin))) : 0;
  }

 private:
  Sums sums_;
};

class L1 : public SegmentCost {
 public:
  explicit L1(std::span<const double> samples) : median_(samples) {}
  double operator()(std::uint32_t begin, std::uint32_t end) const override { return median_.deviation(begin, end); }

 private:
  RangeMedian median_;
};

}  // namespace

std::unique_ptr<SegmentCost> SegmentCost::of(Cost cost, std::span<const double> samples) {
  switch (cost) {
    case Cost::l2: return std::make_unique<L2>(samples);
    case Cost::normal: return std::make_unique<NormalCost>(samples);
    case Cost::poisson: return std::make_unique<PoissonCost>(samples);
    case Cost::l1: return std::make_unique<L1>(samples);
  }
  return nullptr;
}

}  // namespace backlot::signals
