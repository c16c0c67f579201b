#include "backlot/value/struct_codec.h"

#include <algorithm>
#include <bitset>

#include "backlot/base/error.h"

namespace backlot {
namespace {

constexpr std::size_t most_fields = 256;

std::string place_of(std::string_view type, std::string_view field) {
  return "field '" + std::string(field) + "' of " + std::string(type);
}

}  // namespace

StructLayout::StructLayout(std::string_view type, std::vector<StructField> fields)
    : type_(type), fields_(std::move(fields)) {
  for (const StructField& field : fields_) {
    if (std::count(names_.begin(), names_.end(), field.name) > 0) {
      throw Error(ErrorCode::invalid, std::string(type) + " has two fields '" + std::string(field.name) + "'",
                  "give the one of the derived struct another name");
    }
    names_.push_back(field.name);
  }
  if (fields_.size() > most_fields) {
    throw Error(ErrorCode::invalid, std::string(type) + " has more than 256 fields", "group some into a struct");
  }
}

void StructLayout::encode_values(CborWriter& out, const void* object, bool with_names) const {
  auto nested = out.nested();
  for (const StructField& field : fields_) {
    if (with_names) out.text(field.name);
    try {
      field.encode(out, static_cast<const char*>(object) + field.offset);
    } catch (const Error& e) { throw e.in(place_of(type_, field.name)); }
  }
}

void StructLayout::encode(CborWriter& out, const void* object) const {
  out.map(fields_.size());
  encode_values(out, object, true);
}

void StructLayout::encode_row(CborWriter& out, const void* object) const {
  out.list(fields_.size());
  encode_values(out, object, false);
}

std::size_t StructLayout::find(std::string_view name, std::size_t guess) const {
  if (guess < names_.size() && names_[guess] == name) return guess;
  return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
}

void StructLayout::decode(Decoder& in, void* object) const {
  Decoder::Map map = in.map();
  std::bitset<most_fields> seen;
  for (std::uint64_t i = 0; i < map.count; ++i) {
    std::string_view name = in.text_key(map);
    std::size_t at = find(name, i);
    if (at == fields_.size()) {
      if (in.source() == ValueSource::json) {
        throw Error(ErrorCode::wrong_type, std::string(type_) + " has no field '" + std::string(name) + "'");
      }
      in.skip();
      continue;
    }
    if (seen.test(at)) in.fail("the field '" + std::string(name) + "' stands twice");
    seen.set(at);
    try {
      fields_[at].decode(in, static_cast<char*>(object) + fields_[at].offset);
    } catch (const Error& e) { throw e.in(place_of(type_, name)); }
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (seen.test(i) || fields_[i].optional) continue;
    throw Error(ErrorCode::wrong_type,
                "the field '" + std::string(names_[i]) + "' of " + std::string(type_) + " is missing",
                "a field that older values do not have must be a std::optional");
  }
}

}  // namespace backlot
