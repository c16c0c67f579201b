#include "backlot/value/npy.h"

#include "backlot/base/error.h"

namespace backlot {
namespace {

// Elements begin at a multiple of this, so that they are aligned when the file is mapped.
constexpr std::size_t alignment = 64;

/// As numpy.dtype(...).str: byte order, kind, size in bytes.
std::string_view descr_of(DType dtype) {
  static constexpr std::string_view all[dtype_count] = {"|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2",
                                                        "<u4", "<u8", "<f4", "<f8", "<c8", "<c16"};
  return all[static_cast<int>(dtype)];
}

/// As Python writes a tuple: "()", "(3,)", "(3, 4)".
std::string tuple_of(const Shape& shape) {
  std::string text;
  for (std::uint64_t n : shape) text += (text.empty() ? "" : ", ") + std::to_string(n);
  return "(" + text + (shape.size() == 1 ? "," : "") + ")";
}

}  // namespace

std::string npy_head(DType dtype, const Shape& shape) {
  std::string head("\x93NUMPY\x01\x00", 8);
  std::string text = "{'descr': '" + std::string(descr_of(dtype)) + "', 'fortran_order': False, 'shape': ";
  text += tuple_of(shape) + ", }";
  std::size_t before = head.size() + 2;  // the length of the text, in two bytes
  std::size_t end = (before + text.size() + 1 + alignment - 1) / alignment * alignment;
  std::size_t length = end - before;
  if (length > 0xffff) throw Error(ErrorCode::unsupported, "a tensor with so many dimensions has no .npy file");
  text.resize(length - 1, ' ');
  head += static_cast<char>(length & 0xff);
  head += static_cast<char>(length >> 8);
  return head + text + '\n';
}

}  // namespace backlot
