// The cost of any segment in constant time (l1: in the logarithm of the length), after one pass over the samples.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "backlot/signals/change_points.h"

namespace backlot::signals {

class SegmentCost {
 public:
  virtual ~SegmentCost() = default;
  /// Of samples [begin, end). Precondition: begin < end.
  virtual double operator()(std::uint32_t begin, std::uint32_t end) const = 0;

  /// The samples are copied where they are needed.
  static std::unique_ptr<SegmentCost> of(Cost cost, std::span<const double> samples);
};

}  // namespace backlot::signals
