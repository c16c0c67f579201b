#include "backlot/value/cbor.h"

#include <bit>
#include <limits>

#include "backlot/base/error.h"

namespace backlot {
namespace {

constexpr unsigned char real_head = 0xfb;

int extra_bytes(unsigned char low) { return low < 24 ? 0 : low == 24 ? 1 : low == 25 ? 2 : low == 26 ? 4 : low == 27 ? 8 : -1; }

}  // namespace

void CborWriter::head(unsigned major, std::uint64_t value) {
  unsigned extra = value < 24 ? 0 : value <= 0xff ? 1 : value <= 0xffff ? 2 : value <= 0xffffffff ? 4 : 8;
  unsigned low = extra == 0 ? static_cast<unsigned>(value) : extra == 1 ? 24 : extra == 2 ? 25 : extra == 4 ? 26 : 27;
  out_ += static_cast<char>(major << 5 | low);
  while (extra-- > 0) out_ += static_cast<char>(value >> (8 * extra));
}

void CborWriter::integer(std::int64_t value) {
  if (value >= 0) head(0, static_cast<std::uint64_t>(value));
  else head(1, ~static_cast<std::uint64_t>(value));
}

void CborWriter::real(double value) {
  // One NaN: equal values give equal bytes.
  std::uint64_t bits = value != value ? 0x7ff8000000000000u : std::bit_cast<std::uint64_t>(value);
  out_ += static_cast<char>(real_head);
  for (int i = 8; i-- > 0;) out_ += static_cast<char>(bits >> (8 * i));
}

void CborWriter::text(std::string_view value) {
  head(3, value.size());
  out_ += value;
}

void CborWriter::bytes(std::string_view value) {
  head(2, value.size());
  out_ += value;
}

void CborReader::fail(const char* what) const {
  throw Error(ErrorCode::corrupt, std::string(what) + " at byte " + std::to_string(at_) + " of " + std::to_string(in_.size()));
}

void CborReader::end() const {
  if (!at_end()) fail("bytes left over");
}

CborType CborReader::next_type() const {
  if (at_end()) fail("the bytes end too early");
  unsigned char first = static_cast<unsigned char>(in_[at_]);
  switch (first >> 5) {
    case 0: return CborType::natural;
    case 1: return CborType::negative;
    case 2: return CborType::bytes;
    case 3: return CborType::text;
    case 4: return CborType::list;
    case 5: return CborType::map;
    default: break;
  }
  if (first == 0xf4 || first == 0xf5) return CborType::boolean;
  if (first == 0xf6) return CborType::null;
  if (first == real_head) return CborType::real;
  fail("an item of unknown type");
}

CborReader::Head CborReader::head() {
  if (at_end()) fail("the bytes end too early");
  unsigned char first = static_cast<unsigned char>(in_[at_]);
  int extra = extra_bytes(first & 31);
  if (extra < 0) fail("an indefinite or reserved length");
  if (static_cast<std::size_t>(extra) >= in_.size() - at_) fail("the bytes end too early");
  std::uint64_t value = first & 31;
  if (extra > 0) {
    value = 0;
    for (int i = 1; i <= extra; ++i) value = value << 8 | static_cast<unsigned char>(in_[at_ + static_cast<std::size_t>(i)]);
    bool shortest = extra == 1 ? value >= 24 : value >> (4 * extra) != 0;
    if (!shortest && first != real_head) fail("a number not in its shortest form");
  }
  at_ += 1 + static_cast<std::size_t>(extra);
  return {static_cast<unsigned>(first >> 5), value};
}

std::uint64_t CborReader::head_of(unsigned major, const char* what) {
  if (at_end() || static_cast<unsigned char>(in_[at_]) >> 5 != major) fail(what);
  return head().value;
}

std::string_view CborReader::run(std::uint64_t size) {
  if (size > in_.size() - at_) fail("a length beyond the end");
  std::string_view bytes = in_.substr(at_, size);
  at_ += size;
  return bytes;
}

void CborReader::null() {
  if (next_type() != CborType::null) fail("not null");
  ++at_;
}

bool CborReader::boolean() {
  if (next_type() != CborType::boolean) fail("not a bool");
  return static_cast<unsigned char>(in_[at_++]) == 0xf5;
}

std::uint64_t CborReader::natural() { return head_of(0, "not a natural number"); }

std::int64_t CborReader::integer() {
  CborType type = next_type();
  if (type != CborType::natural && type != CborType::negative) fail("not an integer");
  std::uint64_t value = head().value;
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) fail("an integer beyond 64 bits");
  return type == CborType::natural ? static_cast<std::int64_t>(value) : ~static_cast<std::int64_t>(value);
}

double CborReader::real() {
  if (integers_as_reals_ && next_type() <= CborType::negative) return static_cast<double>(integer());
  if (next_type() != CborType::real) fail("not a 64-bit float");
  return std::bit_cast<double>(head().value);
}

std::string_view CborReader::text() { return run(head_of(3, "not a text")); }
std::string_view CborReader::bytes() { return run(head_of(2, "not bytes")); }

std::uint64_t CborReader::list() {
  std::uint64_t items = head_of(4, "not a list");
  if (items > in_.size() - at_) fail("a length beyond the end");
  return items;
}

std::uint64_t CborReader::map() {
  std::uint64_t pairs = head_of(5, "not a map");
  if (pairs > (in_.size() - at_) / 2) fail("a length beyond the end");
  return pairs;
}

void CborReader::skip(int depth) {
  if (depth > deepest) fail("nested too deeply");
  switch (next_type()) {
    case CborType::natural:
    case CborType::negative:
    case CborType::real: head(); break;
    case CborType::boolean:
    case CborType::null: ++at_; break;
    case CborType::bytes: bytes(); break;
    case CborType::text: text(); break;
    case CborType::list:
      for (std::uint64_t n = list(); n > 0; --n) skip(depth + 1);
      break;
    case CborType::map:
      for (std::uint64_t n = 2 * map(); n > 0; --n) skip(depth + 1);
      break;
  }
}

}  // namespace backlot
