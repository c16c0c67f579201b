// How the elements of a tensor are distributed.
#pragma once
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "backlot/value/tensor_layout.h"

namespace backlot::server {

struct Histogram {
  using Number = std::variant<double, std::int64_t, std::uint64_t>;

  double min = 0, max = 0, mean = 0;  ///< of the finite elements
  Number least, largest;              ///< min and max as they are: those of 64-bit integers are no doubles
  std::uint64_t looked_at = 0;        ///< elements; fewer than there are where there are very many
  std::uint64_t nan = 0, infinite = 0;
  std::vector<std::uint64_t> counts;  ///< in equal bins over [min, max]
};

/// Of all elements, or of four million that lie at equal distances when there are more. Empty for complex elements and
/// when none is finite.
std::optional<Histogram> histogram_of(const TensorLayout& tensor);

}  // namespace backlot::server
