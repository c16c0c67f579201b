#include "backlot/server/histogram.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace backlot::server {
namespace {

constexpr std::size_t bins = 40;
constexpr std::uint64_t most_elements = 4 << 20;

template <class T>
Histogram::Number number(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<double>(value);
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<std::int64_t>(value);
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

template <class T>
Histogram count(std::string_view data) {
  const std::uint64_t size = data.size() / sizeof(T);
  const std::uint64_t stride = std::max<std::uint64_t>(1, size / most_elements);
  auto each = [&](auto visit) {
    for (std::uint64_t i = 0; i < size; i += stride) {
      T value;
      std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
      visit(value, static_cast<double>(value));
    }
  };
  Histogram h;
  h.min = std::numeric_limits<double>::infinity();
  h.max = -h.min;
  std::uint64_t finite = 0;
  T least{}, largest{};
  each([&](T value, double x) {
    ++h.looked_at;
    if (std::isnan(x)) {
      ++h.nan;
    } else if (std::isinf(x)) {
      ++h.infinite;
    } else {
      h.min = std::min(h.min, x);
      h.max = std::max(h.max, x);
      least = finite ? std::min(least, value) : value;
      largest = finite ? std::max(largest, value) : value;
      ++finite;
      h.mean += (x - h.mean) / static_cast<double>(finite);
    }
  });
  if (!finite) return h;
  h.least = number(least);
  h.largest = number(largest);
  h.counts.assign(h.min < h.max ? bins : 1, 0);
  const double width = (h.max / bins - h.min / bins);  // not of the difference, which may overflow
  each([&](T, double x) {
    if (!std::isfinite(x)) return;
    double bin = width > 0 ? (x - h.min) / width : 0;
    h.counts[std::min(h.counts.size() - 1, static_cast<std::size_t>(bin))]++;
  });
  return h;
}

}  // namespace

std::optional<Histogram> histogram_of(const TensorLayout& tensor) {
  Histogram h;
  switch (tensor.dtype) {
    case DType::boolean:
    case DType::uint8: h = count<std::uint8_t>(tensor.data); break;
    case DType::int8: h = count<std::int8_t>(tensor.data); break;
    case DType::int16: h = count<std::int16_t>(tensor.data); break;
    case DType::int32: h = count<std::int32_t>(tensor.data); break;
    case DType::int64: h = count<std::int64_t>(tensor.data); break;
    case DType::uint16: h = count<std::uint16_t>(tensor.data); break;
    case DType::uint32: h = count<std::uint32_t>(tensor.data); break;
    case DType::uint64: h = count<std::uint64_t>(tensor.data); break;
    case DType::float32: h = count<float>(tensor.data); break;
    case DType::float64: h = count<double>(tensor.data); break;
    case DType::complex64:
    case DType::complex128: return std::nullopt;
  }
  if (h.counts.empty()) return std::nullopt;
  return h;
}

}  // namespace backlot::server
