#include "backlot/value/codec.h"

#include "backlot/value/to_json.h"

namespace backlot {
namespace codec {
namespace {

std::string_view name_of(CborType type) {
  switch (type) {
    case CborType::natural:
    case CborType::negative: return "int";
    case CborType::bytes: return "bytes";
    case CborType::text: return "text";
    case CborType::list: return "list";
    case CborType::map: return "map";
    case CborType::boolean: return "bool";
    case CborType::null: return "null";
    case CborType::real: return "float";
  }
  return "unknown";
}

}  // namespace

void wrong_type(std::string_view expected, CborReader& in) {
  throw Error(ErrorCode::wrong_type, "expected " + std::string(expected) + ", found " + std::string(name_of(in.next_type())));
}

void missing_field(std::string_view name) {
  throw Error(ErrorCode::wrong_type, "the stored value has no field '" + std::string(name) + "'",
              "make the field std::optional to read values that were stored without it");
}

void write_text(CborWriter& out, std::string_view text) {
  if (!is_utf8(text)) {
    throw Error(ErrorCode::invalid, "a text that is not UTF-8 cannot be stored", "use backlot::Bytes for raw bytes");
  }
  out.text(text);
}

std::int64_t read_integer(CborReader& in, std::int64_t least, std::int64_t most) {
  CborType type = in.next_type();
  if (type != CborType::natural && type != CborType::negative) wrong_type("int", in);
  std::int64_t value = in.integer();
  if (value < least || value > most) {
    throw Error(ErrorCode::wrong_type, std::to_string(value) + " does not fit the integer type it is read as");
  }
  return value;
}

std::uint64_t read_natural(CborReader& in, std::uint64_t most) {
  if (in.next_type() != CborType::natural) wrong_type("a natural number", in);
  std::uint64_t value = in.natural();
  if (value > most) {
    throw Error(ErrorCode::wrong_type, std::to_string(value) + " does not fit the integer type it is read as");
  }
  return value;
}

double read_real(CborReader& in) {
  if (in.next_type() != CborType::real && !in.integers_as_reals()) wrong_type("float", in);
  return in.real();
}

std::string_view read_text(CborReader& in) {
  if (in.next_type() != CborType::text) wrong_type("text", in);
  return in.text();
}

std::uint64_t read_list(CborReader& in) {
  if (in.next_type() != CborType::list) wrong_type("list", in);
  return in.list();
}

std::uint64_t read_map(CborReader& in) {
  if (in.next_type() != CborType::map) wrong_type("map", in);
  return in.map();
}

std::vector<std::string_view> read_names(std::string_view header) {
  if (header.empty()) return {};
  CborReader in(header);
  std::vector<std::string_view> names(in.list());
  for (std::string_view& name : names) name = in.text();
  in.end();
  return names;
}

void require_type(TypeTag expected, const Reference& from) {
  if (from.type == expected) return;
  throw Error(ErrorCode::wrong_type,
              "expected " + std::string(backlot::name_of(expected)) + ", found " + std::string(backlot::name_of(from.type)));
}

}  // namespace codec

std::string item_label(const Reference& list, std::uint64_t i, ValueLoader& loader) {
  codec::require_type(TypeTag::list, list);
  auto raw = loader.raw(list);
  ListView view(raw.bytes);
  CborReader in(view.item(i));
  std::string label = in.next_type() == CborType::text ? std::string(in.text()) : json_of_cbor(view.item(i));
  constexpr std::size_t limit = 64;
  if (label.size() <= limit) return label;
  std::size_t cut = limit - 3;
  while (cut > 0 && (label[cut] & 0xc0) == 0x80) --cut;
  return label.substr(0, cut) + "…";
}

}  // namespace backlot
