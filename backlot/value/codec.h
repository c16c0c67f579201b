// C++ types <-> typed bytes (docs/formats/values.md). What has a codec: bool, integers, floats, text, Bytes, paths,
// enums, durations, vector, array, set, map, unordered_map, optional, variant, pair, tuple, and structs described by
// BACKLOT_FIELDS, nested as one likes. Equal values give equal bytes.
//
// Reading checks types: an int is no float, a text no path of bytes. A struct reads by field name: a missing field of
// optional type is empty, any other missing field is an error, fields it does not know are ignored.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/value/cbor.h"
#include "backlot/value/fields.h"
#include "backlot/value/list_layout.h"
#include "backlot/value/saver.h"

namespace backlot {

/// Raw bytes, told apart from text.
struct Bytes : std::vector<std::byte> {
  using std::vector<std::byte>::vector;
};

namespace codec {

[[noreturn]] void wrong_type(std::string_view expected, CborReader& in);
[[noreturn]] void missing_field(std::string_view name);
/// Throws Error invalid: text that is stored must be UTF-8, or Python could not read it.
void write_text(CborWriter& out, std::string_view text);
std::int64_t read_integer(CborReader& in, std::int64_t least, std::int64_t most);
std::uint64_t read_natural(CborReader& in, std::uint64_t most);
double read_real(CborReader& in);
std::string_view read_text(CborReader& in);
std::uint64_t read_list(CborReader& in);
std::uint64_t read_map(CborReader& in);

template <class T>
struct Is {
  static constexpr bool vector = false, optional = false, map = false, set = false, tuple = false, variant = false,
                        array = false, duration = false;
};
template <class T, class A>
struct Is<std::vector<T, A>> : Is<void> { static constexpr bool vector = true; };
template <class T>
struct Is<std::optional<T>> : Is<void> { static constexpr bool optional = true; };
template <class K, class V>
struct Is<std::map<K, V>> : Is<void> { static constexpr bool map = true; };
template <class K, class V>
struct Is<std::unordered_map<K, V>> : Is<void> { static constexpr bool map = true; };
template <class T>
struct Is<std::set<T>> : Is<void> { static constexpr bool set = true; };
template <class A, class B>
struct Is<std::pair<A, B>> : Is<void> { static constexpr bool tuple = true; };
template <class... T>
struct Is<std::tuple<T...>> : Is<void> { static constexpr bool tuple = true; };
template <class... T>
struct Is<std::variant<T...>> : Is<void> { static constexpr bool variant = true; };
template <class T, std::size_t N>
struct Is<std::array<T, N>> : Is<void> { static constexpr bool array = true; };
template <class R, class P>
struct Is<std::chrono::duration<R, P>> : Is<void> { static constexpr bool duration = true; };

template <class T>
inline constexpr bool always_false = false;

template <class T>
void write(CborWriter& out, const T& value);
template <class T>
T read(CborReader& in);

template <class M>
void write_map(CborWriter& out, const M& map) {
  // Sorted, so that an unordered map's bytes do not depend on its history.
  std::map<typename M::key_type, const typename M::mapped_type*> sorted;
  for (auto& [key, value] : map) sorted.emplace(key, &value);
  out.map(sorted.size());
  for (auto& [key, value] : sorted) write(out, key), write(out, *value);
}

template <class T>
std::uint64_t field_count(const T& value) {
  std::uint64_t n = 0;
  T::fields(value, [&](std::string_view, const auto&) { ++n; });
  return n;
}

template <class T>
void write_struct(CborWriter& out, const T& value) {
  out.map(field_count(value));
  T::fields(value, [&](std::string_view name, const auto& field) {
    out.text(name);
    write(out, field);
  });
}

/// Sets the field `name` of a struct from the reader; false when it has none of that name.
template <class T>
bool read_field(CborReader& in, std::string_view name, T& value) {
  bool found = false;
  T::fields(value, [&]<class F>(std::string_view field_name, F& field) {
    if (found || field_name != name) return;
    found = true;
    field = read<F>(in);
  });
  return found;
}

template <class T>
void require_fields(const T& value, const std::vector<std::string_view>& present) {
  T::fields(value, [&]<class F>(std::string_view name, const F&) {
    if constexpr (!Is<F>::optional) {
      for (std::string_view p : present) {
        if (p == name) return;
      }
      missing_field(name);
    }
  });
}

template <class T>
T read_struct(CborReader& in) {
  T value{};
  std::vector<std::string_view> present;
  for (std::uint64_t n = read_map(in); n > 0; --n) {
    present.push_back(read_text(in));
    if (!read_field(in, present.back(), value)) in.skip();
  }
  require_fields(value, present);
  return value;
}

template <class V, std::size_t I = 0>
V read_variant(CborReader& in, std::uint64_t index) {
  if constexpr (I == std::variant_size_v<V>) in.fail("a variant without such an alternative");
  else if (index == I) return V(std::in_place_index<I>, read<std::variant_alternative_t<I, V>>(in));
  else return read_variant<V, I + 1>(in, index);
}

/// A value inside another one, or a whole value that is no list.
template <class T>
void write(CborWriter& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) out.boolean(value);
  else if constexpr (std::is_same_v<T, Bytes>) out.bytes({reinterpret_cast<const char*>(value.data()), value.size()});
  else if constexpr (std::is_enum_v<T>) out.integer(static_cast<std::int64_t>(value));
  else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>) out.natural(value);
  else if constexpr (std::is_integral_v<T>) out.integer(value);
  else if constexpr (std::is_floating_point_v<T>) out.real(static_cast<double>(value));
  else if constexpr (std::is_same_v<T, std::filesystem::path>) write_text(out, value.native());
  else if constexpr (std::is_convertible_v<const T&, std::string_view>) write_text(out, value);
  else if constexpr (Is<T>::duration) write(out, value.count());
  else if constexpr (Is<T>::vector || Is<T>::array || Is<T>::set) {
    out.list(value.size());
    for (const auto& item : value) write<typename T::value_type>(out, item);
  } else if constexpr (Is<T>::map) write_map(out, value);
  else if constexpr (Is<T>::optional) {
    if (value) write(out, *value);
    else out.null();
  } else if constexpr (Is<T>::tuple) {
    out.list(std::tuple_size_v<T>);
    std::apply([&](const auto&... part) { (write(out, part), ...); }, value);
  } else if constexpr (Is<T>::variant) {
    out.list(2);
    out.natural(value.index());
    std::visit([&](const auto& held) { write(out, held); }, value);
  } else if constexpr (Described<T>) write_struct(out, value);
  else static_assert(always_false<T>, "this type cannot be stored: describe it with BACKLOT_FIELDS");
}

template <class T>
T read(CborReader& in) {
  if constexpr (std::is_same_v<T, bool>) {
    if (in.next_type() != CborType::boolean) wrong_type("bool", in);
    return in.boolean();
  } else if constexpr (std::is_same_v<T, Bytes>) {
    if (in.next_type() != CborType::bytes) wrong_type("bytes", in);
    std::string_view raw = in.bytes();
    Bytes bytes(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) bytes[i] = static_cast<std::byte>(raw[i]);
    return bytes;
  } else if constexpr (std::is_enum_v<T>) return static_cast<T>(read<std::underlying_type_t<T>>(in));
  else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>) {
    return static_cast<T>(read_natural(in, std::numeric_limits<T>::max()));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(read_integer(in, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else if constexpr (std::is_floating_point_v<T>) return static_cast<T>(read_real(in));
  else if constexpr (std::is_same_v<T, std::filesystem::path>) return T(read_text(in));
  else if constexpr (std::is_same_v<T, std::string>) return T(read_text(in));
  else if constexpr (Is<T>::duration) return T(read<typename T::rep>(in));
  else if constexpr (Is<T>::vector || Is<T>::set) {
    T all;
    std::uint64_t n = read_list(in);
    if constexpr (Is<T>::vector) all.reserve(n);
    for (; n > 0; --n) all.insert(all.end(), read<typename T::value_type>(in));
    return all;
  } else if constexpr (Is<T>::array) {
    T all{};
    if (read_list(in) != all.size()) in.fail("an array of another length");
    for (auto& item : all) item = read<typename T::value_type>(in);
    return all;
  } else if constexpr (Is<T>::map) {
    T all;
    for (std::uint64_t n = read_map(in); n > 0; --n) {
      auto key = read<typename T::key_type>(in);
      all.emplace(std::move(key), read<typename T::mapped_type>(in));
    }
    return all;
  } else if constexpr (Is<T>::optional) {
    if (in.next_type() != CborType::null) return read<typename T::value_type>(in);
    in.null();
    return std::nullopt;
  } else if constexpr (Is<T>::tuple) {
    if (read_list(in) != std::tuple_size_v<T>) in.fail("a tuple of another length");
    T all;
    std::apply([&]<class... P>(P&... part) { ((part = read<P>(in)), ...); }, all);
    return all;
  } else if constexpr (Is<T>::variant) {
    if (read_list(in) != 2) in.fail("not a variant");
    return read_variant<T>(in, in.natural());
  } else if constexpr (Described<T>) return read_struct<T>(in);
  else static_assert(always_false<T>, "this type cannot be stored: describe it with BACKLOT_FIELDS");
}

template <class T>
constexpr TypeTag tag_of() {
  if constexpr (std::is_same_v<T, bool>) return TypeTag::boolean;
  else if constexpr (std::is_same_v<T, Bytes>) return TypeTag::bytes;
  else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) return TypeTag::integer;
  else if constexpr (std::is_floating_point_v<T>) return TypeTag::real;
  else if constexpr (Is<T>::duration) return tag_of<typename T::rep>();
  else if constexpr (std::is_same_v<T, std::filesystem::path> || std::is_same_v<T, std::string>) return TypeTag::text;
  else if constexpr (Is<T>::map || Described<T>) return TypeTag::map;
  else return TypeTag::list;  // sequences, tuples, variants; an optional is saved as what it holds, or null
}

// --- lists, item by item --------------------------------------------------------------------------------------------
template <class T>
std::string names_of_fields() {
  std::string header;
  CborWriter out(header);
  T none{};
  out.list(field_count(none));
  T::fields(none, [&](std::string_view name, const auto&) { out.text(name); });
  return header;
}
std::vector<std::string_view> read_names(std::string_view header);

template <class T>
void write_item(CborWriter& out, const T& item) {
  if constexpr (Described<T>) {
    out.list(field_count(item));
    T::fields(item, [&](std::string_view, const auto& field) { write(out, field); });
  } else {
    write(out, item);
  }
}

template <class T>
T read_row(CborReader& in, const std::vector<std::string_view>& names) {
  if (in.list() != names.size()) in.fail("a row of another length than its header");
  T value{};
  for (std::string_view name : names) {
    if (!read_field(in, name, value)) in.skip();
  }
  require_fields(value, names);
  return value;
}

/// `names` is read from the list's header once, for all items.
template <class T>
T read_item(const ListView& list, std::uint64_t i, const std::vector<std::string_view>& names) {
  CborReader in(list.item(i));
  if constexpr (Described<T>) {
    if (list.rows()) return read_row<T>(in, names);
  }
  return read<T>(in);
}

}  // namespace codec

/// How a C++ type is saved and loaded, without its type. One static object a type.
struct ValueOps {
  /// Throws Error wrong_type when the reference stands for another type, corrupt when its bytes are damaged.
  std::shared_ptr<void> (*load)(const Reference& from, ValueLoader& loader);
  Reference (*save)(const void* value, ValueSaver& saver);
  /// Throws Error invalid, saying where the JSON does not fit the type.
  std::shared_ptr<void> (*from_json)(const std::string& json);
};

namespace codec {

void require_type(TypeTag expected, const Reference& from);
/// The JSON as CBOR; Error invalid when it is none.
std::string cbor_of_json(const std::string& json);

template <class T>
inline constexpr bool is_sequence = Is<T>::vector || Is<T>::set || Is<T>::array;

template <class T>
T load_sequence(const ListView& list) {
  auto names = read_names(list.header());
  T all{};
  if constexpr (Is<T>::array) {
    if (list.size() != all.size()) throw Error(ErrorCode::wrong_type, "a list of another length than the array");
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = read_item<typename T::value_type>(list, i, names);
  } else {
    if constexpr (Is<T>::vector) all.reserve(list.size());
    for (std::uint64_t i = 0; i < list.size(); ++i) {
      all.insert(all.end(), read_item<typename T::value_type>(list, i, names));
    }
  }
  return all;
}

template <class T>
T load_tuple(const ListView& list) {
  if (list.size() != std::tuple_size_v<T>) throw Error(ErrorCode::wrong_type, "a list of another length than the tuple");
  T all;
  std::uint64_t i = 0;
  std::apply([&]<class... P>(P&... part) { ((part = read_item<P>(list, i++, {})), ...); }, all);
  return all;
}

template <class T>
T load_variant(const ListView& list) {
  if (list.size() != 2) throw Error(ErrorCode::wrong_type, "not a variant");
  CborReader value(list.item(1));
  return read_variant<T>(value, read_item<std::uint64_t>(list, 0, {}));
}

template <class T>
T load_value(const Reference& from, ValueLoader& loader) {
  if constexpr (Is<T>::optional) {
    if (from.type == TypeTag::null) return std::nullopt;
    return load_value<typename T::value_type>(from, loader);
  } else {
    require_type(tag_of<T>(), from);
    auto raw = loader.raw(from);
    if constexpr (is_sequence<T>) return load_sequence<T>(ListView(raw.bytes));
    else if constexpr (Is<T>::tuple) return load_tuple<T>(ListView(raw.bytes));
    else if constexpr (Is<T>::variant) return load_variant<T>(ListView(raw.bytes));
    else {
      CborReader in(raw.bytes);
      T value = read<T>(in);
      in.end();
      return value;
    }
  }
}

template <class T>
std::shared_ptr<void> load(const Reference& from, ValueLoader& loader) {
  return std::make_shared<T>(load_value<T>(from, loader));
}

template <class T>
Reference save_value(const T& value, ValueSaver& saver) {
  if constexpr (Is<T>::optional) {
    return value ? save_value(*value, saver) : saver.save(TypeTag::null, "\xf6");
  } else if constexpr (tag_of<T>() == TypeTag::list) {
    std::string header;
    if constexpr (is_sequence<T>) {
      if constexpr (Described<typename T::value_type>) header = names_of_fields<typename T::value_type>();
    }
    ListBuilder list(std::move(header));
    CborWriter out(list.item());
    auto item = [&]<class I>(const I& i) { write_item<I>(out, i), list.end_item(); };
    if constexpr (is_sequence<T>) {
      list.reserve(value.size());
      for (const auto& i : value) item.template operator()<typename T::value_type>(i);
    } else if constexpr (Is<T>::tuple) {
      std::apply([&](const auto&... part) { ((write(out, part), list.end_item()), ...); }, value);
    } else {
      item(static_cast<std::uint64_t>(value.index()));
      std::visit([&](const auto& held) { write(out, held), list.end_item(); }, value);
    }
    return saver.save(TypeTag::list, std::move(list).finish());
  } else {
    std::string raw;
    CborWriter out(raw);
    write(out, value);
    return saver.save(tag_of<T>(), std::move(raw));
  }
}

template <class T>
Reference save(const void* value, ValueSaver& saver) {
  return save_value(*static_cast<const T*>(value), saver);
}

template <class T>
std::shared_ptr<void> from_json(const std::string& json) {
  std::string cbor = cbor_of_json(json);
  CborReader in(cbor);
  in.accept_integers_as_reals();
  return std::make_shared<T>(read<T>(in));
}

}  // namespace codec

/// Specialised for types that are not CBOR inside: tensors, files, folders.
template <class T>
struct ValueCodec {
  static constexpr ValueOps ops{codec::load<T>, codec::save<T>, codec::from_json<T>};
};

template <class T>
const ValueOps& value_ops() {
  static constexpr ValueOps ops = ValueCodec<T>::ops;
  return ops;
}

/// Item `i` of a list, without reading the others.
template <class T>
T load_item(const Reference& list, std::uint64_t i, ValueLoader& loader) {
  codec::require_type(TypeTag::list, list);
  auto raw = loader.raw(list);
  ListView view(raw.bytes);
  return codec::read_item<T>(view, i, codec::read_names(view.header()));
}

/// What people call item `i` of a list: its text or its JSON, at most 64 bytes of UTF-8.
std::string item_label(const Reference& list, std::uint64_t i, ValueLoader& loader);

}  // namespace backlot
