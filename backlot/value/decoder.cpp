#include "backlot/value/decoder.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "backlot/base/error.h"
#include "backlot/value/base64.h"
#include "backlot/value/not_finite.h"

namespace backlot {
namespace {

TypeTag tag_of(CborType type) {
  switch (type) {
    case CborType::null: return TypeTag::null;
    case CborType::boolean: return TypeTag::boolean;
    case CborType::natural:
    case CborType::negative: return TypeTag::integer;
    case CborType::real: return TypeTag::real;
    case CborType::text: return TypeTag::text;
    case CborType::bytes: return TypeTag::bytes;
    case CborType::map: return TypeTag::map;
    case CborType::list: return TypeTag::list;
    case CborType::tag: break;
  }
  return TypeTag::null;
}

bool is_item(TypeTag type) { return type <= TypeTag::bytes || type == TypeTag::map; }

std::string article(TypeTag type) {
  return std::string(type == TypeTag::integer ? "an " : "a ") + std::string(name_of(type));
}

}  // namespace

Decoder::Decoder(TypeTag type, std::string_view raw, ValueSource source)
    : in_(is_item(type) ? raw : std::string_view()), raw_(raw), source_(source) {
  if (!is_item(type)) {
    whole_ = type;
  } else if (next_type() != type) {
    fail("marked as " + std::string(name_of(type)) + ", but holds " + std::string(name_of(next_type())));
  }
}

TypeTag Decoder::next_type() const {
  if (whole_) return *whole_;
  if (row_) return TypeTag::map;
  CborType type = in_.next_type();
  if (type != CborType::tag) return tag_of(type);
  CborReader ahead = in_;
  std::uint64_t tag = ahead.tag();
  if (tag == rows_tag) return TypeTag::list;
  if (tag == natural_tag || tag == negative_tag) return TypeTag::integer;
  fail("an unknown tag " + std::to_string(tag));
}

void Decoder::expect(TypeTag type) const {
  TypeTag found = next_type();
  if (found == type) return;
  throw Error(ErrorCode::wrong_type, "expected " + article(type) + ", found " + article(found));
}

void Decoder::null() {
  expect(TypeTag::null);
  in_.null();
}

bool Decoder::boolean() {
  expect(TypeTag::boolean);
  return in_.boolean();
}

void Decoder::throw_too_large(CborInteger value, unsigned bits, bool is_signed) {
  std::string text = std::to_string(value.magnitude);
  if (value.negative)
    text = value.magnitude == UINT64_MAX ? "-18446744073709551616" : "-" + std::to_string(value.magnitude + 1);
  throw Error(ErrorCode::wrong_type, text + " does not fit " + (is_signed ? "a signed" : "an unsigned") +
                                         " integer of " + std::to_string(bits) + " bits");
}

CborInteger Decoder::read_integer() {
  expect(TypeTag::integer);
  if (in_.next_type() == CborType::tag) throw Error(ErrorCode::wrong_type, "an integer of more than 64 bits");
  return in_.any_integer();
}

double Decoder::real() {
  TypeTag found = next_type();
  if (found == TypeTag::integer) {
    CborInteger value = read_integer();
    if (auto exact = exact_real_of_integer(value)) return *exact;
    throw Error(ErrorCode::wrong_type, "an integer that no float has exactly");
  }
  if (source_ == ValueSource::json && found == TypeTag::text) {
    std::string_view name = text();
    if (auto value = not_finite_named(name)) return *value;
    throw Error(ErrorCode::wrong_type, "expected a float, found the text '" + std::string(name) + "'");
  }
  expect(TypeTag::real);
  return in_.real();
}

std::optional<double> Decoder::exact_real_of_integer(CborInteger value) const {
  auto real = static_cast<double>(value.magnitude);
  bool exact = value.magnitude < std::uint64_t{1} << 53 || source_ == ValueSource::json;
  if (!exact) return std::nullopt;
  return value.negative ? -1 - real : real;
}

float Decoder::real32() {
  double value = real();
  if (std::isfinite(value)) {
    bool fits = std::abs(value) <= std::numeric_limits<float>::max();
    if (!fits || (source_ == ValueSource::stored && static_cast<double>(static_cast<float>(value)) != value)) {
      throw Error(ErrorCode::wrong_type, "a 64-bit float that no 32-bit float has exactly", "read it as double");
    }
  }
  return static_cast<float>(value);
}

std::string_view Decoder::text() {
  expect(TypeTag::text);
  return in_.text();
}

std::string_view Decoder::bytes() {
  if (source_ == ValueSource::json && next_type() == TypeTag::text) {
    auto decoded = from_base64(text());
    if (!decoded) throw Error(ErrorCode::wrong_type, "expected bytes as base64 text");
    return buffer_ = std::move(*decoded);
  }
  expect(TypeTag::bytes);
  return in_.bytes();
}

Decoder::List Decoder::list() {
  expect(TypeTag::list);
  List list;
  if (whole_) {
    whole_.reset();
    list.whole = std::make_unique<ListView>(raw_);
    list.whole->check_ends();
    list.count = list.whole->size();
    in_ = CborReader(list.whole->items());
    return list;
  }
  if (in_.next_type() == CborType::tag) {
    in_.tag();
    in_.list_of(2);
    list.nested = std::make_unique<FieldNames>(read_names(in_));
  }
  list.count = in_.list();
  if (list.nested && list.count == 0) fail("an empty list of rows");
  return list;
}

Decoder::List Decoder::list_of(std::uint64_t count) {
  List found = list();
  if (found.count == count) return found;
  throw Error(ErrorCode::wrong_type,
              "expected a list of " + std::to_string(count) + ", found one of " + std::to_string(found.count));
}

void Decoder::begin_item(List& list) {
  row_ = list.nested.get();
  if (list.whole) {
    if (list.whole->item(list.next).data() != list.whole->items().data() + in_.offset()) {
      fail("item " + std::to_string(list.next) + " is not where the list says");
    }
    row_ = list.whole->names();
  }
  ++list.next;
}

Decoder::Map Decoder::map() {
  expect(TypeTag::map);
  Map map;
  if (row_) {
    map.row = std::exchange(row_, nullptr);
    map.count = map.row->size();
    in_.list_of(map.count);
  } else {
    map.count = in_.map();
  }
  return map;
}

std::string_view Decoder::text_key(Map& map) {
  if (map.row) return (*map.row)[map.next++];
  ++map.next;
  return text();
}

CborInteger Decoder::read_integer_key(Map& map) {
  if (!map.row && source_ == ValueSource::stored) {
    ++map.next;
    return read_integer();
  }
  std::string_view key = text_key(map);
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), value);
  if (source_ != ValueSource::json || error != std::errc() || end != key.data() + key.size()) {
    throw Error(ErrorCode::wrong_type, "expected an integer as key, found '" + std::string(key) + "'");
  }
  return {value < 0, static_cast<std::uint64_t>(value < 0 ? ~value : value)};
}

void Decoder::skip() {
  row_ = nullptr;
  in_.skip();
}

void Decoder::end() { in_.end(); }

}  // namespace backlot
