#include "backlot/value/item.h"

#include <optional>

#include "backlot/base/error.h"
#include "backlot/value/cbor.h"
#include "backlot/value/tensor_layout.h"
#include "backlot/value/to_json.h"
#include "backlot/value/utf8.h"

namespace backlot {
namespace {

constexpr std::size_t label_limit = 64;
constexpr std::uint64_t largest_small_list = 16 << 20;

Error no_list(TypeTag type) {
  return {ErrorCode::wrong_type, "expected a list, found a " + std::string(name_of(type))};
}

/// A nested list; of rows when it is tagged so.
RawValue whole_list(CborReader& in) {
  std::optional<FieldNames> rows;
  if (in.next_type() == CborType::tag) {
    in.tag();
    in.list_of(2);
    rows = read_names(in);
  }
  ListIndex index;
  std::string items;
  for (std::uint64_t count = in.list(); count > 0; --count) {
    items += in.skip();
    index.end_item(items.size());
  }
  if (rows && items.empty()) in.fail("an empty list of rows");
  return {TypeTag::list, index.head(rows ? &*rows : nullptr) + items};
}

RawValue whole_row(CborReader& in, const FieldNames& names) {
  std::string raw;
  CborWriter out(raw);
  in.list_of(names.size());
  out.map(names.size());
  for (std::string_view name : names) {
    out.text(name);
    out.raw(in.skip());
  }
  return {TypeTag::map, std::move(raw)};
}

TypeTag type_of(std::string_view item) {
  CborReader in(item);
  switch (in.next_type()) {
    case CborType::null: return TypeTag::null;
    case CborType::boolean: return TypeTag::boolean;
    case CborType::natural:
    case CborType::negative: return TypeTag::integer;
    case CborType::real: return TypeTag::real;
    case CborType::text: return TypeTag::text;
    case CborType::bytes: return TypeTag::bytes;
    case CborType::list: return TypeTag::list;
    case CborType::map: return TypeTag::map;
    case CborType::tag: break;
  }
  std::uint64_t tag = in.tag();
  if (tag == rows_tag) return TypeTag::list;
  if (tag == natural_tag || tag == negative_tag) return TypeTag::integer;
  in.fail("an unknown tag " + std::to_string(tag));
}

// What most lists hold is told without making JSON of it: every task of a foreach begins with its label.
std::string text_of(const Reference& item) {
  CborReader in(item.inline_bytes);
  if (item.type == TypeTag::text) return std::string(in.text());
  if (item.type == TypeTag::integer && in.next_type() == CborType::natural) return std::to_string(in.natural());
  return to_json(item.type, item.inline_bytes);
}

/// None when it is larger than `limit`: then its bytes are not copied. The list is opened once.
std::optional<Reference> item_up_to(std::uint64_t limit, const Reference& list, std::uint64_t index,
                                    ValueLoader& loader) {
  auto raw = loader.raw(list);
  RawValue item;
  if (list.type == TypeTag::tensor) {
    TensorLayout tensor(raw.bytes);
    if (tensor.rows() > 0 && list.size / tensor.rows() > limit) return std::nullopt;
    item = tensor.row(index);
  } else if (list.type == TypeTag::list) {
    ListView view(raw.bytes);
    const std::string_view bytes = view.item(index);
    if (bytes.size() > limit) return std::nullopt;
    item = whole_value(bytes, view.names());
  } else {
    throw no_list(list.type);
  }
  if (item.raw.size() > limit) return std::nullopt;  // a row has got the names of its fields, too
  return Reference::inlined(item.type, std::move(item.raw));
}

}  // namespace

RawValue whole_value(std::string_view item, const FieldNames* row) {
  CborReader in(item);
  TypeTag type = row ? TypeTag::map : type_of(item);
  RawValue value;
  if (row) {
    value = whole_row(in, *row);
  } else if (type == TypeTag::list) {
    value = whole_list(in);
  } else {
    value = {type, std::string(in.skip())};
  }
  in.end();
  return value;
}

std::uint64_t item_count(const Reference& list, ValueLoader& loader) {
  if (list.type == TypeTag::tensor) return TensorLayout(loader.raw(list).bytes).rows();
  if (list.type != TypeTag::list) throw no_list(list.type);
  auto raw = loader.raw(list);
  return ListView(raw.bytes).size();
}

Reference item_of(const Reference& list, std::uint64_t index, ValueLoader& loader) {
  return *item_up_to(UINT64_MAX, list, index, loader);
}

std::optional<Reference> small_item_of(const Reference& list, std::uint64_t index, ValueLoader& loader) {
  if (list.size > largest_small_list) return std::nullopt;
  return item_up_to(inline_value_limit, list, index, loader);
}

std::string item_label(const Reference& item) {
  std::string label = text_of(item);
  for (char& c : label) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  }
  if (label.size() <= label_limit) return label;
  static constexpr std::string_view dots = "\xe2\x80\xa6";
  return std::string(utf8_prefix(label, label_limit - dots.size())).append(dots);
}

}  // namespace backlot
