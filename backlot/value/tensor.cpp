#include "backlot/value/tensor.h"

#include <bit>
#include <cstring>

namespace backlot::tensor {

static_assert(std::endian::native == std::endian::little, "elements are stored as they lie in memory");

Loaded load(const Reference& from, DType dtype, ValueLoader& loader) {
  codec::expect_type(TypeTag::tensor, from);
  ValueLoader::Raw raw = loader.raw(from);
  TensorLayout layout(raw.bytes);
  if (layout.dtype != dtype) {
    throw Error(ErrorCode::wrong_type, "expected a tensor of " + std::string(name_of(dtype)) + ", found one of " +
                                           std::string(name_of(layout.dtype)));
  }
  if (reinterpret_cast<std::uintptr_t>(layout.data.data()) % 8 == 0) return {layout.shape, layout.data, raw.owner};
  auto aligned = std::make_shared<std::vector<std::uint64_t>>((layout.data.size() + 7) / 8);
  auto* bytes = reinterpret_cast<char*>(aligned->data());
  std::memcpy(bytes, layout.data.data(), layout.data.size());
  return {layout.shape, {bytes, layout.data.size()}, std::move(aligned)};
}

Reference save(DType dtype, const Shape& shape, std::string_view data, ValueSaver& saver) {
  std::string head = tensor_head(dtype, shape, data.size());
  return saver.save(TypeTag::tensor, std::vector<std::string_view>{head, data});
}

void check_shape(const Shape& shape, std::uint64_t elements) {
  std::uint64_t holds = element_count(shape);
  if (holds == elements) return;
  throw Error(ErrorCode::invalid, "a tensor's shape holds " + std::to_string(holds) + " elements, but there are " +
                                      std::to_string(elements));
}

}  // namespace backlot::tensor
