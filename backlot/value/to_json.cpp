#include "backlot/value/to_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "backlot/base/error.h"
#include "backlot/value/codec.h"
#include "backlot/value/tensor.h"

namespace backlot {
namespace {

using Json = nlohmann::ordered_json;

std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0, have = 0;
    for (std::size_t j = i; j < i + 3; ++j) {
      group = group << 8 | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0);
      have += j < bytes.size();
    }
    for (unsigned k = 0; k < 4; ++k) text += k <= have ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

Json json_of(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

Json item(CborReader& in, int depth) {
  if (depth > CborReader::deepest) in.fail("nested too deeply");
  switch (in.next_type()) {
    case CborType::natural: return in.natural();
    case CborType::negative: return in.integer();
    case CborType::bytes: return {{"bytes", base64(in.bytes())}};
    case CborType::text: return in.text();
    case CborType::boolean: return in.boolean();
    case CborType::null: in.null(); return nullptr;
    case CborType::real: return json_of(in.real());
    case CborType::list: {
      Json list = Json::array();
      for (std::uint64_t n = in.list(); n > 0; --n) list.push_back(item(in, depth + 1));
      return list;
    }
    case CborType::map: {
      Json map = Json::object();
      for (std::uint64_t n = in.map(); n > 0; --n) {
        Json key = item(in, depth + 1);
        map[key.is_string() ? key.get<std::string>() : key.dump()] = item(in, depth + 1);
      }
      return map;
    }
  }
  in.fail("an item of unknown type");
}

Json whole(std::string_view cbor) {
  CborReader in(cbor);
  Json json = item(in, 0);
  in.end();
  return json;
}

Json list_json(const ListView& list) {
  Json all = Json::array();
  auto names = codec::read_names(list.header());
  for (std::uint64_t i = 0; i < list.size(); ++i) {
    Json row = whole(list.item(i));
    if (!list.rows()) {
      all.push_back(std::move(row));
      continue;
    }
    Json object = Json::object();
    for (std::size_t f = 0; f < names.size() && f < row.size(); ++f) object[std::string(names[f])] = row[f];
    all.push_back(std::move(object));
  }
  return all;
}

Json tensor_json(std::string_view raw) {
  TensorView view = view_tensor(raw);
  Json json{{"tensor", name_of(view.dtype)}, {"shape", view.shape}};
  constexpr std::size_t shown = 16;
  Json first = Json::array();
  for (std::size_t i = 0; i < std::min(shown, view.count()); ++i) {
    first.push_back(view.dtype >= DType::f32 ? json_of(view.real(i)) : Json(view.integer(i)));
  }
  json["first"] = std::move(first);
  return json;
}

void cbor(CborWriter& out, const Json& json) {
  switch (json.type()) {
    case Json::value_t::null:
    case Json::value_t::discarded: return out.null();
    case Json::value_t::boolean: return out.boolean(json.get<bool>());
    case Json::value_t::number_integer: return out.integer(json.get<std::int64_t>());
    case Json::value_t::number_unsigned: return out.natural(json.get<std::uint64_t>());
    case Json::value_t::number_float: return out.real(json.get<double>());
    case Json::value_t::string: return out.text(json.get_ref<const std::string&>());
    case Json::value_t::binary: return out.null();
    case Json::value_t::array:
      out.list(json.size());
      for (const Json& i : json) cbor(out, i);
      return;
    case Json::value_t::object:
      out.map(json.size());
      for (auto& [key, value] : json.items()) out.text(key), cbor(out, value);
      return;
  }
}

}  // namespace

std::string json_of_cbor(std::string_view bytes) { return whole(bytes).dump(); }

std::string to_json(const Reference& value, ValueLoader& loader, int indent) {
  auto raw = loader.raw(value);
  Json json;
  switch (value.type) {
    case TypeTag::list: json = list_json(ListView(raw.bytes)); break;
    case TypeTag::tensor: json = tensor_json(raw.bytes); break;
    case TypeTag::null:
    case TypeTag::boolean:
    case TypeTag::integer:
    case TypeTag::real:
    case TypeTag::text:
    case TypeTag::bytes:
    case TypeTag::map: json = whole(raw.bytes); break;
    default: json = {{"type", name_of(value.type)}, {"size", value.size}, {"id", value.identity().hex()}};
  }
  return json.dump(indent);
}

std::string codec::cbor_of_json(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw Error(ErrorCode::invalid, "not JSON: " + text.substr(0, 60));
  std::string bytes;
  CborWriter out(bytes);
  cbor(out, json);
  return bytes;
}

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    unsigned more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 9;
    if (more == 9 || more >= text.size() - i) return false;
    std::uint32_t point = more ? c & (0x3f >> more) : c;
    for (unsigned k = 1; k <= more; ++k) {
      unsigned char next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      point = point << 6 | (next & 0x3f);
    }
    if ((more == 2 && point < 0x800) || (more == 3 && (point < 0x10000 || point > 0x10ffff))) return false;
    if (point >= 0xd800 && point < 0xe000) return false;
    i += 1 + more;
  }
  return true;
}

}  // namespace backlot
