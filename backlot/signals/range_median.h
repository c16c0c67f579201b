// The sum of distances to the median of any range in the logarithm of the number of samples: a wavelet matrix over
// their ranks (Claude, Navarro, Ordóñez 2015) that also keeps sums.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace backlot::signals {

class RangeMedian {
 public:
  explicit RangeMedian(std::span<const double> samples);
  /// The sum of |x - median| over [begin, end). Precondition: begin < end.
  double deviation(std::uint32_t begin, std::uint32_t end) const;

 private:
  struct Level {
    std::vector<std::uint32_t> zeros;  // of the bits before each place
    std::vector<double> sums;          // of the samples before each place, in the order of this level
  };
  std::vector<Level> levels_;   // from the highest bit of the ranks
  std::vector<double> sorted_;  // the value of each rank
};

}  // namespace backlot::signals
