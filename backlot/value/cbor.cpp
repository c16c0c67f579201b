#include "backlot/value/cbor.h"

#include <bit>
#include <limits>

#include "backlot/base/error.h"
#include "backlot/value/utf8.h"

namespace backlot {
namespace {

constexpr unsigned char false_head = 0xf4, true_head = 0xf5, null_head = 0xf6, real_head = 0xfb;
constexpr std::uint64_t nan_bits = 0x7ff8'0000'0000'0000;

void append_big_endian(std::string& out, std::uint64_t value, unsigned size) {
  while (size-- > 0) out += static_cast<char>(value >> (8 * size));
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

void CborWriter::head(unsigned major, std::uint64_t value) {
  unsigned extra = value < 24 ? 0 : value <= 0xff ? 1 : value <= 0xffff ? 2 : value <= 0xffff'ffff ? 4 : 8;
  unsigned low = extra == 0 ? static_cast<unsigned>(value) : 24 + static_cast<unsigned>(std::countr_zero(extra));
  out_ += static_cast<char>(major << 5 | low);
  append_big_endian(out_, value, extra);
}

void CborWriter::real(double value) {
  // One NaN: equal values give equal bytes.
  std::uint64_t bits = value != value ? nan_bits : std::bit_cast<std::uint64_t>(value);
  out_ += static_cast<char>(real_head);
  append_big_endian(out_, bits, 8);
}

void CborWriter::text(std::string_view value) {
  check_text(value);
  head(3, value.size());
  out_ += value;
}

void CborWriter::bytes(std::string_view value) {
  head(2, value.size());
  out_ += value;
}

CborWriter::Nested::Nested(CborWriter& writer, std::size_t levels) : writer_(writer), levels_(levels) {
  if (writer.depth_ + levels > cbor_depth_limit) {
    throw Error(ErrorCode::invalid, "lists, maps and structs nest deeper than " + std::to_string(cbor_depth_limit),
                "keep what is nested in a flat list, with indices");
  }
  writer.depth_ += levels;
}

std::string_view name_of(CborType type) {
  switch (type) {
    case CborType::natural:
    case CborType::negative: return "int";
    case CborType::bytes: return "bytes";
    case CborType::text: return "text";
    case CborType::list: return "list";
    case CborType::map: return "map";
    case CborType::tag: return "tag";
    case CborType::boolean: return "bool";
    case CborType::null: return "null";
    case CborType::real: return "float";
  }
  return "unknown";
}

void CborReader::fail(const std::string& what) const {
  throw Error(ErrorCode::corrupt, what + " at byte " + std::to_string(at_) + " of " + std::to_string(in_.size()));
}

CborType CborReader::next_type() const {
  if (at_end()) fail("the bytes end too early");
  auto first = static_cast<unsigned char>(in_[at_]);
  if (first >> 5 < 7) return static_cast<CborType>(first >> 5);
  switch (first) {
    case false_head:
    case true_head: return CborType::boolean;
    case null_head: return CborType::null;
    case real_head: return CborType::real;
    default: fail("an item of unknown type");
  }
}

std::uint64_t CborReader::head() {
  unsigned low = static_cast<unsigned char>(in_[at_]) & 31;
  if (low < 24) {
    ++at_;
    return low;
  }
  if (low > 27) fail("an indefinite or reserved length");
  std::size_t extra = std::size_t{1} << (low - 24);
  if (left() < 1 + extra) fail("the bytes end too early");
  std::uint64_t value = big_endian(in_.substr(at_ + 1, extra));
  bool shortest = extra == 1 ? value >= 24 : value >> (4 * extra) != 0;
  if (!shortest) fail("a number not in its shortest form");
  at_ += 1 + extra;
  return value;
}

std::uint64_t CborReader::head_of(CborType type) {
  CborType found = next_type();
  if (found != type) fail("expected " + std::string(name_of(type)) + ", found " + std::string(name_of(found)));
  return head();
}

std::string_view CborReader::run(std::uint64_t size) {
  if (size > left()) fail("a length beyond the end");
  std::string_view bytes = in_.substr(at_, size);
  at_ += size;
  return bytes;
}

void CborReader::item_done() {
  while (!open_.empty() && --open_.back() == 0) open_.pop_back();
}

void CborReader::open(std::uint64_t items) {
  if (items > left()) fail("a length beyond the end");
  if (items == 0) return item_done();
  if (open_.size() == cbor_depth_limit) fail("nested too deeply");
  open_.push_back(items);
}

void CborReader::null() {
  if (next_type() != CborType::null) fail("expected null");
  ++at_;
  item_done();
}

bool CborReader::boolean() {
  if (next_type() != CborType::boolean) fail("expected bool");
  bool value = static_cast<unsigned char>(in_[at_++]) == true_head;
  item_done();
  return value;
}

CborInteger CborReader::any_integer() {
  bool negative = next_type() == CborType::negative;
  CborInteger value{negative, head_of(negative ? CborType::negative : CborType::natural)};
  item_done();
  return value;
}

std::int64_t CborReader::integer() {
  CborInteger value = any_integer();
  if (value.magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    fail("an integer beyond 64 bits");
  }
  auto magnitude = static_cast<std::int64_t>(value.magnitude);
  return value.negative ? ~magnitude : magnitude;
}

std::int64_t CborReader::integer(std::int64_t least, std::int64_t most) {
  std::int64_t value = integer();
  if (value < least || value > most) fail(std::to_string(value) + " is out of range");
  return value;
}

std::uint64_t CborReader::natural() {
  std::uint64_t value = head_of(CborType::natural);
  item_done();
  return value;
}

std::uint64_t CborReader::natural(std::uint64_t most) {
  std::uint64_t value = natural();
  if (value > most) fail(std::to_string(value) + " is more than " + std::to_string(most));
  return value;
}

double CborReader::real() {
  if (next_type() != CborType::real) fail("expected float");
  ++at_;
  auto value = std::bit_cast<double>(big_endian(run(8)));
  if (value != value && std::bit_cast<std::uint64_t>(value) != nan_bits) fail("a strange NaN");
  item_done();
  return value;
}

std::string_view CborReader::text() {
  std::string_view value = run(head_of(CborType::text));
  if (!is_utf8(value)) fail("a text that is not UTF-8");
  item_done();
  return value;
}

std::string_view CborReader::bytes() {
  std::string_view value = run(head_of(CborType::bytes));
  item_done();
  return value;
}

std::uint64_t CborReader::list() {
  std::uint64_t items = head_of(CborType::list);
  open(items);
  return items;
}

void CborReader::list_of(std::uint64_t items) {
  std::uint64_t found = list();
  if (found != items) fail("expected a list of " + std::to_string(items) + ", found one of " + std::to_string(found));
}

std::uint64_t CborReader::map() {
  std::uint64_t pairs = head_of(CborType::map);
  if (pairs > left() / 2) fail("a length beyond the end");
  open(2 * pairs);
  return pairs;
}

std::uint64_t CborReader::tag() {
  std::uint64_t number = head_of(CborType::tag);
  if (next_type() == CborType::tag) fail("a tag of a tag");
  return number;
}

std::string_view CborReader::skip() {
  const std::size_t begin = at_, depth = open_.size();
  bool tagged = false;
  do {
    CborType type = next_type();
    tagged = type == CborType::tag;
    switch (type) {
      case CborType::null: null(); break;
      case CborType::boolean: boolean(); break;
      case CborType::natural:
      case CborType::negative: any_integer(); break;
      case CborType::real: real(); break;
      case CborType::text: text(); break;
      case CborType::bytes: bytes(); break;
      case CborType::list: list(); break;
      case CborType::map: map(); break;
      case CborType::tag: tag(); break;
    }
  } while (tagged || open_.size() > depth);
  return in_.substr(begin, at_ - begin);
}

void CborReader::end() const {
  if (!open_.empty()) fail("a list or map is not read to its end");
  if (!at_end()) fail("bytes left over");
}

}  // namespace backlot
