#include "backlot/value/tensor.h"

#include <array>
#include <bit>
#include <cstring>

namespace backlot {
namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::array<std::string_view, 10> names{"i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"};
constexpr std::size_t page = 4096, line = 64, paged_from = 64 << 10;

std::size_t data_start(std::size_t head, std::size_t data) {
  std::size_t unit = data >= paged_from ? page : line;
  return (head + unit - 1) / unit * unit;
}

template <class T>
T element(std::string_view data, std::size_t i) {
  T value;
  std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

std::string_view name_of(DType dtype) { return names.at(static_cast<std::size_t>(dtype)); }

std::size_t size_of(DType dtype) {
  if (dtype >= DType::f32) return dtype == DType::f32 ? 4 : 8;
  return std::size_t{1} << (static_cast<unsigned>(dtype) & 3);
}

double TensorView::real(std::size_t i) const {
  return dtype == DType::f32 ? static_cast<double>(element<float>(data, i)) : element<double>(data, i);
}

std::int64_t TensorView::integer(std::size_t i) const {
  switch (dtype) {
    case DType::i8: return element<std::int8_t>(data, i);
    case DType::i16: return element<std::int16_t>(data, i);
    case DType::i32: return element<std::int32_t>(data, i);
    case DType::u8: return element<std::uint8_t>(data, i);
    case DType::u16: return element<std::uint16_t>(data, i);
    case DType::u32: return element<std::uint32_t>(data, i);
    default: return element<std::int64_t>(data, i);
  }
}

TensorView view_tensor(std::string_view raw) {
  CborReader in(raw);
  if (in.list() != 2) in.fail("not a tensor");
  TensorView view;
  std::uint64_t dtype = in.natural();
  if (dtype >= names.size()) throw Error(ErrorCode::newer_format, "a tensor of unknown element type", "upgrade backlot");
  view.dtype = static_cast<DType>(dtype);
  view.shape.resize(in.list());
  std::uint64_t bytes = size_of(view.dtype);
  for (std::uint64_t& extent : view.shape) {
    extent = in.natural();
    if (extent != 0 && bytes > raw.size() / extent) in.fail("a tensor larger than its bytes");
    bytes *= extent;
  }
  std::size_t start = data_start(in.offset(), bytes);
  if (start > raw.size() || raw.size() - start != bytes) in.fail("a tensor of another size than its shape");
  view.data = raw.substr(start);
  return view;
}

Reference save_tensor(DType dtype, const std::vector<std::uint64_t>& shape, std::string_view data, ValueSaver& saver) {
  std::string head;
  CborWriter out(head);
  out.list(2);
  out.natural(static_cast<std::uint64_t>(dtype));
  out.list(shape.size());
  for (std::uint64_t extent : shape) out.natural(extent);
  head.resize(data_start(head.size(), data.size()));
  return saver.save(TypeTag::tensor, std::vector<std::string_view>{head, data});
}

}  // namespace backlot
