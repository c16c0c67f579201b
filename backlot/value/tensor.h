// Tensors: dense arrays of numbers, saved straight from the caller's memory and read back as mapped pages.
//
// Raw bytes: the CBOR list [dtype, [extent …]] padded with zeros to the start of the data, then the elements in C
// order, little-endian. The data starts at byte 64, or at 4096 when it has at least 64 KiB, so that a mapped blob
// gives page-aligned elements (docs/formats/values.md).
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/value/codec.h"

namespace backlot {

/// Numbers are part of the format.
enum class DType : std::uint8_t { i8 = 0, i16 = 1, i32 = 2, i64 = 3, u8 = 4, u16 = 5, u32 = 6, u64 = 7, f32 = 8, f64 = 9 };
std::string_view name_of(DType dtype);
std::size_t size_of(DType dtype);

template <class T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, float>) return DType::f32;
  else if constexpr (std::is_same_v<T, double>) return DType::f64;
  else {
    static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool>, "a tensor holds integers, float or double");
    constexpr int log2 = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return static_cast<DType>(log2 + (std::is_unsigned_v<T> ? 4 : 0));
  }
}

/// A tensor's raw bytes, understood.
struct TensorView {
  DType dtype = DType::f64;
  std::vector<std::uint64_t> shape;
  std::string_view data;
  std::size_t count() const { return data.size() / size_of(dtype); }
  double real(std::size_t i) const;
  std::int64_t integer(std::size_t i) const;
};
/// Throws Error corrupt when shape and bytes do not agree.
TensorView view_tensor(std::string_view raw);
Reference save_tensor(DType dtype, const std::vector<std::uint64_t>& shape, std::string_view data, ValueSaver& saver);

/// Read-only; copies share their elements.
template <class T>
class Tensor {
 public:
  Tensor() = default;
  /// Takes over the elements. Throws Error invalid when the shape does not hold that many.
  Tensor(std::vector<T> elements, std::vector<std::uint64_t> shape) : shape_(std::move(shape)) {
    auto owned = std::make_shared<const std::vector<T>>(std::move(elements));
    data_ = {owned->data(), owned->size()};
    owner_ = owned;
    check();
  }
  /// One axis.
  explicit Tensor(std::vector<T> elements) : Tensor(std::move(elements), {}) {}
  /// Elements that somebody else owns, for instance an Eigen matrix: they must live until the task has ended.
  static Tensor borrow(std::span<const T> elements, std::vector<std::uint64_t> shape) {
    Tensor t;
    t.data_ = elements;
    t.shape_ = std::move(shape);
    t.check();
    return t;
  }
  std::span<const T> data() const { return data_; }
  const std::vector<std::uint64_t>& shape() const { return shape_; }
  std::size_t size() const { return data_.size(); }
  const T& operator[](std::size_t i) const { return data_[i]; }

 private:
  friend struct ValueCodec<Tensor<T>>;
  void check() {
    if (shape_.empty()) shape_ = {data_.size()};
    std::uint64_t count = 1;
    for (std::uint64_t extent : shape_) count *= extent;
    if (count != data_.size()) throw Error(ErrorCode::invalid, "a tensor's shape does not hold its elements");
  }
  std::shared_ptr<const void> owner_;
  std::span<const T> data_;
  std::vector<std::uint64_t> shape_;
};

template <class T>
struct ValueCodec<Tensor<T>> {
  static std::shared_ptr<void> load(const Reference& from, ValueLoader& loader) {
    codec::require_type(TypeTag::tensor, from);
    auto raw = loader.raw(from);
    TensorView view = view_tensor(raw.bytes);
    if (view.dtype != dtype_of<T>()) {
      throw Error(ErrorCode::wrong_type, "expected a tensor of " + std::string(name_of(dtype_of<T>())) + ", found one of " +
                                             std::string(name_of(view.dtype)));
    }
    auto tensor = std::make_shared<Tensor<T>>();
    tensor->owner_ = raw.owner;
    tensor->shape_ = std::move(view.shape);
    tensor->data_ = {reinterpret_cast<const T*>(view.data.data()), view.data.size() / sizeof(T)};
    return tensor;
  }
  static Reference save(const void* value, ValueSaver& saver) {
    const auto& t = *static_cast<const Tensor<T>*>(value);
    return save_tensor(dtype_of<T>(), t.shape(), {reinterpret_cast<const char*>(t.data().data()), t.data().size_bytes()},
                       saver);
  }
  static std::shared_ptr<void> from_json(const std::string& json) {
    auto elements = codec::from_json<std::vector<T>>(json);
    return std::make_shared<Tensor<T>>(std::move(*std::static_pointer_cast<std::vector<T>>(elements)));
  }
  static constexpr ValueOps ops{load, save, from_json};
};

}  // namespace backlot
