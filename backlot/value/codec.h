// C++ types <-> values (docs/formats/values.md).
//
//   null      std::monostate, std::nullptr_t       list  std::vector, std::array, std::set, std::pair, std::tuple
//   bool      bool                                 map   std::map, std::unordered_map (its keys sorted), of text or
//   int       integers, enums, durations of them         integer keys; structs with BACKLOT_FIELDS
//   float     double, float, duration<double>      any   std::optional, std::variant
//   text      std::string, paths (UTF-8)
//   bytes     Bytes
// and whatever has a WholeCodec: Tensor, FileValue, FolderValue. They nest in any way, but for those last ones and
// optionals of what may be null itself.
#pragma once
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/value/from_json.h"
#include "backlot/value/item.h"
#include "backlot/value/item_codec.h"
#include "backlot/value/list_codec.h"
#include "backlot/value/list_layout.h"
#include "backlot/value/map_codec.h"
#include "backlot/value/saver.h"
#include "backlot/value/utf8.h"

namespace backlot {

namespace codec {
template <class T>
concept Whole = requires(const Reference& from, ValueLoader& loader) {
  WholeCodec<T>::load(from, loader);
};
/// What can be an artifact. Asking about another type is a compile error that says what to do.
template <class T>
concept Storable = Whole<T> || !requires {
  Codec<T>::is_refused;
};
}  // namespace codec

/// A whole value, encoded: `head`, then `body` - or `view`, bytes of the value itself, when set.
struct EncodedValue {
  TypeTag type = TypeTag::null;
  std::string head, body;
  std::optional<std::string_view> view;
  std::vector<std::string_view> pieces() const { return {head, view ? *view : std::string_view(body)}; }
  std::string raw() const { return head + std::string(view ? *view : std::string_view(body)); }
};

/// Texts and bytes are not copied: `value` must outlive the result. Throws Error invalid.
template <class T>
EncodedValue encode_value(const T& value) {
  EncodedValue encoded;
  CborWriter out(encoded.body);
  if constexpr (requires { Codec<T>::tag; }) encoded.type = Codec<T>::tag;
  if constexpr (requires { Codec<T>::tag_of(value); }) encoded.type = Codec<T>::tag_of(value);
  if constexpr (std::same_as<T, std::string>) {
    check_text(value);
    CborWriter(encoded.head).text_head(value.size());
    encoded.view = value;
  } else if constexpr (std::same_as<T, Bytes>) {
    CborWriter(encoded.head).bytes_head(value.size());
    encoded.view = value.view();
  } else if constexpr (requires { Codec<T>::size(value); }) {
    ListIndex index;
    Codec<T>::encode_items(out, value, [&] { index.end_item(encoded.body.size()); });
    encoded.head = index.head(Codec<T>::names(value));
  } else if constexpr (codec::is_optional<T>) {
    if (value) return encode_value(*value);
    out.null();
  } else if constexpr (requires { Codec<T>::is_plain; }) {
    if constexpr (Codec<T>::is_plain)
      return std::visit(
          []<class A>(const A& x) {
            if constexpr (std::is_enum_v<A> && !Codec<T>::names_enums)
              return encode_value(static_cast<std::underlying_type_t<A>>(x));
            else
              return encode_value(x);
          },
          value);
    encoded.type = TypeTag::map;
    Codec<T>::encode(out, value);
  } else {
    Codec<T>::encode(out, value);
  }
  return encoded;
}

/// Throws Error wrong_type, corrupt.
template <class T>
T decode_value(TypeTag type, std::string_view raw, ValueSource source = ValueSource::stored) {
  Decoder in(type, raw, source);
  T value{};
  Codec<T>::decode(in, value);
  in.end();
  return value;
}

namespace codec {

/// Throws Error wrong_type when the reference stands for a value of another type.
void expect_type(TypeTag expected, const Reference& found);

template <class T>
Reference save_value(const T& value, ValueSaver& saver) {
  if constexpr (Whole<T>) {
    return WholeCodec<T>::save(value, saver);
  } else {
    EncodedValue encoded = encode_value(value);
    return saver.save(encoded.type, encoded.pieces());
  }
}

template <class T>
T load_value(const Reference& reference, ValueLoader& loader) {
  if constexpr (Whole<T>)
    return WholeCodec<T>::load(reference, loader);
  else
    return decode_value<T>(reference.type, loader.raw(reference).bytes);
}

}  // namespace codec

/// Item `index` of a list, or of a tensor's first dimension; reads nothing else. Throws Error wrong_type, corrupt, and
/// not_found when there is no such item.
template <class T>
T load_item(const Reference& list, std::uint64_t index, ValueLoader& loader) {
  return codec::load_value<T>(item_of(list, index, loader), loader);
}

/// How a C++ type is saved and loaded, without its type. One static object a type.
struct ValueOps {
  std::shared_ptr<void> (*load)(const Reference&, ValueLoader&);  ///< throws Error wrong_type, corrupt
  Reference (*save)(const void* value, ValueSaver&);              ///< throws Error invalid
  /// Throws Error invalid, saying where the JSON does not fit, and unsupported when the type has no JSON form.
  std::shared_ptr<void> (*from_json)(const std::string& json);
  std::string_view type_name;
};

namespace codec {

template <class T>
std::shared_ptr<void> load(const Reference& reference, ValueLoader& loader) {
  return std::make_shared<T>(load_value<T>(reference, loader));
}
template <class T>
Reference save(const void* value, ValueSaver& saver) {
  return save_value(*static_cast<const T*>(value), saver);
}
[[noreturn]] void throw_no_json(std::string_view type);
/// Error of code invalid with the same text.
Error as_invalid(const Error& e);

template <class T>
T parse(const std::string& json) {
  if constexpr (requires { WholeCodec<T>::from_json(json); }) {
    return WholeCodec<T>::from_json(json);
  } else if constexpr (Whole<T>) {
    throw_no_json(type_name<T>());
  } else {
    RawValue value = from_json(json);
    try {
      return decode_value<T>(value.type, value.raw, ValueSource::json);
    } catch (const Error& e) { throw as_invalid(e); }
  }
}
template <class T>
std::shared_ptr<void> parse_shared(const std::string& json) {
  return std::make_shared<T>(parse<T>(json));
}

}  // namespace codec

template <class T>
const ValueOps& value_ops() {
  static constexpr ValueOps ops = [] {
    if constexpr (codec::Storable<T>)
      return ValueOps{&codec::load<T>, &codec::save<T>, &codec::parse_shared<T>, codec::type_name<T>()};
    else
      return ValueOps{};  // T has been refused: no second error
  }();
  return ops;
}

}  // namespace backlot
