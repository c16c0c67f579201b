// Tensors: dense arrays of numbers, saved straight from the caller's memory and read back in place.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "backlot/value/codec.h"
#include "backlot/value/tensor_layout.h"

namespace backlot {

namespace tensor {

template <class T>
inline constexpr bool is_complex = requires(T t) {
  typename T::value_type;
  t.imag();
};

template <class T>
consteval DType dtype_of() {
  if constexpr (std::is_same_v<T, bool>)
    return DType::boolean;
  else if constexpr (is_complex<T>)
    return sizeof(T) == 8 ? DType::complex64 : DType::complex128;
  else if constexpr (std::is_floating_point_v<T>)
    return sizeof(T) == 4 ? DType::float32 : DType::float64;
  else {
    static_assert(std::is_integral_v<T>, "a tensor holds bools, integers, float, double or std::complex of those");
    constexpr int log2 = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return static_cast<DType>(static_cast<int>(std::is_signed_v<T> ? DType::int8 : DType::uint8) + log2);
  }
}

/// The elements of a stored tensor, in memory aligned for any of them.
struct Loaded {
  Shape shape;
  std::string_view data;
  std::shared_ptr<const void> owner;
};
/// In place where the bytes are aligned: always in a blob. Throws Error wrong_type when the elements are of another
/// type, and corrupt.
Loaded load(const Reference& from, DType dtype, ValueLoader& loader);
Reference save(DType dtype, const Shape& shape, std::string_view data, ValueSaver& saver);
/// Throws Error invalid when the shape does not hold exactly `elements`.
void check_shape(const Shape& shape, std::uint64_t elements);

}  // namespace tensor

/// The last dimension varies fastest. Read-only; copies share their elements.
template <class T>
class Tensor {
 public:
  /// Of shape {0}.
  Tensor() : shape_{0} {}
  /// Takes over the elements. Throws Error invalid when the shape does not hold exactly that many.
  Tensor(std::vector<T> elements, Shape shape) : shape_(std::move(shape)) {
    tensor::check_shape(shape_, elements.size());
    auto owned = std::make_shared<const std::vector<T>>(std::move(elements));
    data_ = {owned->data(), owned->size()};
    owner_ = std::move(owned);
  }
  /// One dimension.
  explicit Tensor(std::vector<T> elements) {
    Shape shape{elements.size()};
    *this = Tensor(std::move(elements), std::move(shape));
  }
  /// Elements that somebody else owns, for instance an Eigen matrix: they must live until the task has ended.
  static Tensor borrow(std::span<const T> elements, Shape shape) {
    tensor::check_shape(shape, elements.size());
    return Tensor(elements, std::move(shape), nullptr);
  }

  std::span<const T> data() const { return data_; }
  const Shape& shape() const { return shape_; }
  std::size_t size() const { return data_.size(); }
  const T& operator[](std::size_t i) const { return data_[i]; }

 private:
  friend struct WholeCodec<Tensor<T>>;
  Tensor(std::span<const T> data, Shape shape, std::shared_ptr<const void> owner)
      : owner_(std::move(owner)), data_(data), shape_(std::move(shape)) {}

  std::shared_ptr<const void> owner_;
  std::span<const T> data_;
  Shape shape_;
};

template <class T>
struct WholeCodec<Tensor<T>> {
  static constexpr DType dtype = tensor::dtype_of<T>();
  static Tensor<T> load(const Reference& from, ValueLoader& loader) {
    tensor::Loaded found = tensor::load(from, dtype, loader);
    std::span elements(reinterpret_cast<const T*>(found.data.data()), found.data.size() / sizeof(T));
    return Tensor<T>(elements, std::move(found.shape), std::move(found.owner));
  }
  static Reference save(const Tensor<T>& value, ValueSaver& saver) {
    auto bytes = std::as_bytes(value.data());
    return tensor::save(dtype, value.shape(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, saver);
  }
  /// A list of numbers: one dimension.
  static Tensor<T> from_json(const std::string& json) requires std::is_arithmetic_v<T> {
    return Tensor<T>(codec::parse<std::vector<T>>(json));
  }
};

}  // namespace backlot
