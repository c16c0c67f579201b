#include "backlot/value/to_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "backlot/base/error.h"
#include "backlot/value/base64.h"
#include "backlot/value/cbor.h"
#include "backlot/value/decoder.h"
#include "backlot/value/list_layout.h"
#include "backlot/value/not_finite.h"
#include "backlot/value/pickle_layout.h"
#include "backlot/value/table_layout.h"
#include "backlot/value/tensor_layout.h"

namespace backlot {
namespace {

using Json = nlohmann::ordered_json;

/// Decimal digits of a big-endian number plus `add`.
std::string decimal(std::string_view bytes, unsigned add) {
  std::string digits;  // the least significant first
  auto multiply_add = [&](unsigned factor, unsigned carry) {
    for (char& d : digits) {
      carry += static_cast<unsigned>(d - '0') * factor;
      d = static_cast<char>('0' + carry % 10);
      carry /= 10;
    }
    for (; carry > 0; carry /= 10) digits += static_cast<char>('0' + carry % 10);
  };
  for (char byte : bytes) multiply_add(256, static_cast<unsigned char>(byte));
  multiply_add(1, add);
  return {digits.rbegin(), digits.rend()};
}

bool has_json(TypeTag type) { return type <= TypeTag::table || type == TypeTag::pickle; }

Json description_of(TypeTag type, std::uint64_t size) { return {{"$type", name_of(type)}, {"size", size}}; }

Json of_pickle(std::string_view raw) {
  Json object = description_of(TypeTag::pickle, raw.size());
  PicklePreview preview = PickleLayout(raw).preview;
  if (!preview.type.empty()) object["class"] = preview.type;
  if (!preview.repr.empty()) object["repr"] = preview.repr;
  if (!preview.shape.empty()) object["shape"] = preview.shape;
  return object;
}

class JsonOf {
 public:
  explicit JsonOf(const JsonOptions& options) : options_(options) {}

  Json of_value(TypeTag type, std::string_view raw) {
    switch (type) {
      case TypeTag::list: return of_list(raw);
      case TypeTag::tensor: return of_tensor(raw);
      case TypeTag::table: return of_table(raw);
      case TypeTag::pickle: return of_pickle(raw);
      case TypeTag::null:
      case TypeTag::boolean:
      case TypeTag::integer:
      case TypeTag::real:
      case TypeTag::text:
      case TypeTag::bytes:
      case TypeTag::map: {
        const Decoder checked(type, raw);  // is what it is marked as
        CborReader in(raw);
        Json json = of_item(in);
        in.end();
        return json;
      }
      default: return description_of(type, raw.size());
    }
  }

  /// From dimension `dim` on; `next` is the number of the next element.
  std::string lists_of(const TensorLayout& tensor, std::size_t dim, std::uint64_t& next) {
    if (dim == tensor.shape.size()) return of_element(tensor, next++).dump();
    const bool innermost = dim + 1 == tensor.shape.size();
    const std::string between = innermost ? ", " : ",\n" + std::string(dim + 1, ' ');
    std::string text = "[";
    for (std::uint64_t i = 0; i < tensor.shape[dim]; ++i) text += (i ? between : "") + lists_of(tensor, dim + 1, next);
    return text + "]";
  }

 private:
  Json of_real(double value) {
    std::string_view name = not_finite_name(value);
    if (name.empty()) return value;
    return tagged_ ? Json{{"$float", name}} : Json(name);
  }

  /// An integer beyond 64 bits.
  Json beyond(std::string digits) { return tagged_ ? Json{{"$int", std::move(digits)}} : Json(std::move(digits)); }

  Json of_integer(CborInteger value) {
    if (!value.negative) return value.magnitude;
    if (value.magnitude <= INT64_MAX) return -1 - static_cast<std::int64_t>(value.magnitude);
    if (value.magnitude == UINT64_MAX) return beyond("-18446744073709551616");
    return beyond("-" + std::to_string(value.magnitude + 1));
  }

  Json of_bignum(CborReader& in, bool negative) {
    if (in.next_type() != CborType::bytes) in.fail("a large integer is not in bytes");
    std::string_view bytes = in.bytes();
    if (bytes.size() <= 8 || bytes[0] == 0) in.fail("a large integer is not in its shortest form");
    constexpr std::size_t most_shown = 1024;
    if (bytes.size() > most_shown) return Json{{"$type", "int"}, {"bytes", bytes.size()}};
    return beyond((negative ? "-" : "") + decimal(bytes, negative ? 1 : 0));
  }

  static std::string text_of(const Json& key) { return key.is_string() ? key.get<std::string>() : key.dump(); }

  static void add(Json& object, const std::string& key, Json value, const CborReader& in) {
    if (!object.emplace(key, std::move(value)).second) in.fail("a key stands twice in a map");
  }

  Json of_map(CborReader& in) {
    Json object = Json::object(), pairs = Json::array();
    bool is_plain = true;
    for (std::uint64_t count = in.map(); count > 0; --count) {
      is_plain = is_plain && in.next_type() == CborType::text;
      Json key = of_item(in), value = of_item(in);
      std::string name = text_of(key);
      is_plain = is_plain && !name.starts_with('$');
      if (tagged_) pairs.push_back({std::move(key), value});
      add(object, name, std::move(value), in);
    }
    if (tagged_ && !is_plain) return {{"$map", std::move(pairs)}};
    return object;
  }

  Json of_row(CborReader& in, const FieldNames& names) {
    Json object = Json::object();
    in.list_of(names.size());
    for (std::string_view name : names) add(object, std::string(name), of_item(in), in);
    return object;
  }

  Json of_array(CborReader& in, const FieldNames* rows) {
    Json array = Json::array();
    for (std::uint64_t count = in.list(); count > 0; --count) array.push_back(rows ? of_row(in, *rows) : of_item(in));
    return array;
  }

  Json of_rows(CborReader& in) {
    in.list_of(2);
    FieldNames names = read_names(in);
    Json rows = of_array(in, &names);
    if (rows.empty()) in.fail("an empty list of rows");
    return rows;
  }

  Json of_item(CborReader& in) {
    switch (in.next_type()) {
      case CborType::null: in.null(); return nullptr;
      case CborType::boolean: return in.boolean();
      case CborType::natural:
      case CborType::negative: return of_integer(in.any_integer());
      case CborType::real: return of_real(in.real());
      case CborType::text: return in.text();
      case CborType::bytes: {
        std::string bytes = to_base64(in.bytes());
        return tagged_ ? Json{{"$bytes", std::move(bytes)}} : Json(std::move(bytes));
      }
      case CborType::list: return of_array(in, nullptr);
      case CborType::map: return of_map(in);
      case CborType::tag: break;
    }
    std::uint64_t tag = in.tag();
    if (tag == rows_tag) return of_rows(in);
    if (tag == natural_tag || tag == negative_tag) return of_bignum(in, tag == negative_tag);
    in.fail("an unknown tag " + std::to_string(tag));
  }

  Json of_list(std::string_view raw) {
    ListView list(raw);
    list.check_ends();
    Json array = Json::array();
    for (std::uint64_t i = 0; i < list.size(); ++i) {
      CborReader in(list.item(i));
      array.push_back(list.names() ? of_row(in, *list.names()) : of_item(in));
      in.end();
    }
    return array;
  }

  Json of_element(const TensorLayout& tensor, std::uint64_t index) {
    std::size_t size = size_of(tensor.dtype);
    std::string_view bytes = tensor.data.substr(index * size, size);
    auto numbers = [&](DType dtype) {
      TensorLayout pair = tensor;
      pair.dtype = dtype;
      pair.shape = {2};
      pair.data = bytes;
      Json parts = Json::array({of_element(pair, 0), of_element(pair, 1)});
      return tagged_ ? Json{{"$complex", std::move(parts)}} : parts;
    };
    if (tensor.dtype == DType::complex64) return numbers(DType::float32);
    if (tensor.dtype == DType::complex128) return numbers(DType::float64);
    TensorLayout flat = tensor;
    flat.shape = {tensor.data.size() / size};
    RawValue element = flat.row(index);
    CborReader in(element.raw);
    return of_item(in);
  }

  Json of_tensor(std::string_view raw) {
    TensorLayout tensor(raw);
    Json object{
        {"$type", "tensor"}, {"dtype", name_of(tensor.dtype)}, {"shape", tensor.shape}, {"data", Json::array()}};
    std::uint64_t count = element_count(tensor.shape);
    for (std::uint64_t i = 0; i < count && i < options_.tensor_elements; ++i)
      object["data"].push_back(of_element(tensor, i));
    if (count > options_.tensor_elements) object["elements"] = count;
    return object;
  }

  Json of_cell(const TableLayout& table, std::size_t column, std::uint64_t row) {
    RawValue cell = table.cell(column, row);
    CborReader in(cell.raw);
    return of_item(in);
  }

  Json of_table(std::string_view raw) {
    TableLayout table(raw);
    const TableHead& head = table.head();
    Json columns = Json::array(), rows = Json::array();
    for (const ColumnHead& column : head.columns)
      columns.push_back({{"name", column.name ? Json(*column.name) : Json()}, {"type", name_of(column.type)}});
    std::uint64_t shown = 0;
    for (std::uint64_t row = 0; row < head.rows && shown < options_.tensor_elements; ++row) {
      Json cells = Json::array();
      for (std::size_t column = 0; column < head.columns.size(); ++column) cells.push_back(of_cell(table, column, row));
      shown += std::max<std::uint64_t>(1, cells.size());
      rows.push_back(std::move(cells));
    }
    return {{"$type", "table"}, {"columns", std::move(columns)}, {"rows", head.rows}, {"data", std::move(rows)}};
  }

  const JsonOptions options_;
  const bool tagged_ = options_.tagged;
};

}  // namespace

std::string to_json(TypeTag type, std::string_view raw, const JsonOptions& options) {
  return JsonOf(options).of_value(type, raw).dump(options.indent);
}

std::string to_json(const Reference& value, ValueLoader& loader, const JsonOptions& options) {
  if (!has_json(value.type)) return description_of(value.type, value.size).dump(options.indent);  // loads nothing
  return to_json(value.type, loader.raw(value).bytes, options);
}

std::optional<std::string> tensor_as_lists(std::string_view raw, std::size_t most) {
  TensorLayout tensor(raw);
  Shape shape = tensor.shape;
  std::replace(shape.begin(), shape.end(), std::uint64_t{0}, std::uint64_t{1});
  for (std::uint64_t n : shape) {
    if (n > most) return std::nullopt;  // also keeps the product small enough to be counted
  }
  if (element_count(shape) > most) return std::nullopt;
  std::uint64_t next = 0;
  return JsonOf({}).lists_of(tensor, 0, next);
}

}  // namespace backlot
