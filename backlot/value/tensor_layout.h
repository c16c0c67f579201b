// The raw bytes of a tensor: a header, padding, the elements (docs/formats/values.md).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/value/raw_value.h"

namespace backlot {

/// The types of a tensor's elements, in the order of their numbers in the format.
enum class DType : std::uint8_t {
  boolean,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  complex64,
  complex128
};
inline constexpr int dtype_count = 13;
/// As numpy says it: "bool", "float64".
std::string_view name_of(DType dtype);
/// In bytes.
std::size_t size_of(DType dtype);

using Shape = std::vector<std::uint64_t>;

/// Number of elements. Throws Error invalid when it exceeds 2^63.
std::uint64_t element_count(const Shape& shape);

/// What goes before `data_size` bytes of elements. From packed_value_limit bytes on the elements begin at a multiple of
/// 4096, so that those of a mapped blob lie on a page; smaller ones begin at a multiple of 8.
std::string tensor_head(DType dtype, const Shape& shape, std::uint64_t data_size);

/// What a tensor's raw bytes begin with.
struct TensorHead {
  DType dtype = DType::boolean;
  Shape shape;
  std::uint64_t data_begin = 0;  ///< where the elements begin in the raw bytes

  /// `beginning`: the raw bytes, or as many of their first ones as reach to the elements; `size`: of all of them.
  /// Throws Error corrupt.
  TensorHead(std::string_view beginning, std::uint64_t size);
};

/// A tensor's raw bytes, taken apart.
struct TensorLayout {
  DType dtype = DType::boolean;
  Shape shape;
  std::string_view data;  ///< the elements, the last dimension varying fastest, little-endian

  /// Throws Error corrupt.
  explicit TensorLayout(std::string_view raw);
  /// The size of the first dimension. Throws Error wrong_type when there is none.
  std::uint64_t rows() const;
  /// Item `index` of the first dimension: a number (a bool, an int, a float) or a tensor of the other dimensions.
  /// Throws Error not_found when there is none, and unsupported for single complex numbers.
  RawValue row(std::uint64_t index) const;
};

}  // namespace backlot
