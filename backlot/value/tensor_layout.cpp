#include "backlot/value/tensor_layout.h"

#include <cstring>

#include "backlot/base/error.h"
#include "backlot/value/cbor.h"

namespace backlot {
namespace {

constexpr std::uint64_t page = 4096, small_alignment = 8;

struct DTypeInfo {
  std::string_view name;
  std::size_t size;
};
constexpr DTypeInfo dtypes[dtype_count] = {
    {"bool", 1},   {"int8", 1},   {"int16", 2},   {"int32", 4},   {"int64", 8},     {"uint8", 1},      {"uint16", 2},
    {"uint32", 4}, {"uint64", 8}, {"float32", 4}, {"float64", 8}, {"complex64", 8}, {"complex128", 16}};

[[noreturn]] void tensor_is_corrupt(const std::string& what) { throw Error(ErrorCode::corrupt, "tensor: " + what); }

std::uint64_t padded(std::uint64_t head, std::uint64_t data_size) {
  std::uint64_t unit = data_size >= packed_value_limit ? page : small_alignment;
  return (head + unit - 1) / unit * unit;
}

template <class T>
T element(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

TypeTag write_element(CborWriter& out, DType dtype, std::string_view bytes) {
  switch (dtype) {
    case DType::boolean: out.boolean(bytes[0] != 0); return TypeTag::boolean;
    case DType::int8: out.integer(element<std::int8_t>(bytes)); return TypeTag::integer;
    case DType::int16: out.integer(element<std::int16_t>(bytes)); return TypeTag::integer;
    case DType::int32: out.integer(element<std::int32_t>(bytes)); return TypeTag::integer;
    case DType::int64: out.integer(element<std::int64_t>(bytes)); return TypeTag::integer;
    case DType::uint8: out.natural(element<std::uint8_t>(bytes)); return TypeTag::integer;
    case DType::uint16: out.natural(element<std::uint16_t>(bytes)); return TypeTag::integer;
    case DType::uint32: out.natural(element<std::uint32_t>(bytes)); return TypeTag::integer;
    case DType::uint64: out.natural(element<std::uint64_t>(bytes)); return TypeTag::integer;
    case DType::float32: out.real(element<float>(bytes)); return TypeTag::real;
    case DType::float64: out.real(element<double>(bytes)); return TypeTag::real;
    case DType::complex64:
    case DType::complex128: break;
  }
  throw Error(ErrorCode::unsupported, "a single complex number is no value", "add a dimension of 1 to the tensor");
}

}  // namespace

std::string_view name_of(DType dtype) { return dtypes[static_cast<int>(dtype)].name; }
std::size_t size_of(DType dtype) { return dtypes[static_cast<int>(dtype)].size; }

std::uint64_t element_count(const Shape& shape) {
  std::uint64_t count = 1;
  bool empty = false;
  for (std::uint64_t n : shape) empty = empty || n == 0;
  if (empty) return 0;
  for (std::uint64_t n : shape) {
    if (n > (std::uint64_t{1} << 63) / count) throw Error(ErrorCode::invalid, "a tensor of more than 2^63 elements");
    count *= n;
  }
  return count;
}

std::string tensor_head(DType dtype, const Shape& shape, std::uint64_t data_size) {
  std::string head;
  CborWriter out(head);
  out.list(2);
  out.text(name_of(dtype));
  out.list(shape.size());
  for (std::uint64_t n : shape) out.natural(n);
  head.resize(padded(head.size(), data_size));
  return head;
}

TensorHead::TensorHead(std::string_view beginning, std::uint64_t size) {
  CborReader in(beginning);
  in.list_of(2);
  std::string_view name = in.text();
  int number = 0;
  while (number < dtype_count && dtypes[number].name != name) ++number;
  if (number == dtype_count) tensor_is_corrupt("elements of the unknown type '" + std::string(name) + "'");
  dtype = static_cast<DType>(number);
  shape.resize(in.list());
  for (std::uint64_t& n : shape) n = in.natural();

  std::uint64_t count = 0;
  try {
    count = element_count(shape);
  } catch (const Error& e) { tensor_is_corrupt(e.message()); }
  if (count > size / size_of(dtype)) tensor_is_corrupt("shorter than its shape");
  std::uint64_t data_size = count * size_of(dtype);
  data_begin = padded(in.offset(), data_size);
  if (size != data_begin + data_size || beginning.size() < data_begin)
    tensor_is_corrupt("not as long as its shape says");
  for (char c : beginning.substr(in.offset(), data_begin - in.offset())) {
    if (c != 0) tensor_is_corrupt("its padding is not zero");
  }
}

TensorLayout::TensorLayout(std::string_view raw) {
  TensorHead head(raw, raw.size());
  dtype = head.dtype;
  shape = std::move(head.shape);
  data = raw.substr(head.data_begin);
}

std::uint64_t TensorLayout::rows() const {
  if (shape.empty()) throw Error(ErrorCode::wrong_type, "a tensor without dimensions has no items");
  return shape[0];
}

RawValue TensorLayout::row(std::uint64_t index) const {
  if (index >= rows()) {
    throw Error(ErrorCode::not_found,
                "a tensor of " + std::to_string(rows()) + " rows has no row " + std::to_string(index));
  }
  std::uint64_t size = data.size() / rows();
  std::string_view bytes = data.substr(index * size, size);
  RawValue value;
  if (shape.size() == 1) {
    CborWriter out(value.raw);
    value.type = write_element(out, dtype, bytes);
  } else {
    value.type = TypeTag::tensor;
    value.raw = tensor_head(dtype, Shape(shape.begin() + 1, shape.end()), size);
    value.raw += bytes;
  }
  return value;
}

}  // namespace backlot
