// Codecs of maps and of structs with BACKLOT_FIELDS.
#pragma once
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "backlot/value/fields.h"
#include "backlot/value/item_codec.h"
#include "backlot/value/struct_codec.h"

namespace backlot {

namespace codec {

template <class T>
void encode_field(CborWriter& out, const void* field) {
  Codec<T>::encode(out, *static_cast<const T*>(field));
}
template <class T>
void decode_field(Decoder& in, void* field) {
  Codec<T>::decode(in, *static_cast<T*>(field));
}

template <class T>
std::vector<StructField> struct_fields(const T& sample) {
  std::vector<StructField> all;
  auto begin = reinterpret_cast<const char*>(&sample);
  T::fields(sample, [&]<class X>(std::string_view name, const X& field) {
    auto offset = static_cast<std::size_t>(reinterpret_cast<const char*>(&field) - begin);
    all.push_back({name, offset, is_optional<X>, &encode_field<X>, &decode_field<X>});
  });
  return all;
}

template <class T>
const StructLayout& struct_layout(const T& sample) {
  static const StructLayout layout(type_name<T>(), struct_fields(sample));
  return layout;
}

}  // namespace codec

template <Described T>
struct Codec<T> {
  static constexpr TypeTag tag = TypeTag::map;
  static void encode(CborWriter& out, const T& value) { codec::struct_layout(value).encode(out, &value); }
  static void decode(Decoder& in, T& value) { codec::struct_layout(value).decode(in, &value); }
};

template <codec::MapLike T>
struct Codec<T> {
  using Key = typename T::key_type;
  using Value = typename T::mapped_type;
  static constexpr bool has_text_keys = std::same_as<Key, std::string>;
  static_assert(has_text_keys || codec::Integer<Key> || std::is_enum_v<Key>,
                "the keys of a map are texts, integers or enums");
  static constexpr TypeTag tag = TypeTag::map;

  static void encode(CborWriter& out, const T& value) {
    if constexpr (requires { typename T::hasher; }) {
      std::map<Key, const Value*> sorted;
      for (const auto& [key, item] : value) sorted.emplace(key, &item);
      encode_pairs(out, sorted);
    } else {
      encode_pairs(out, value);
    }
  }
  static void decode(Decoder& in, T& value) {
    Decoder::Map map = in.map();
    for (std::uint64_t i = 0; i < map.count; ++i) {
      auto [at, is_new] = value.try_emplace(read_key(in, map));
      if (!is_new) in.fail("a key stands twice in a map");
      try {
        Codec<Value>::decode(in, at->second);
      } catch (const Error& e) { throw e.in(place_of(at->first)); }
    }
  }

 private:
  static void encode_pairs(CborWriter& out, const auto& pairs) {
    auto nested = out.nested();
    out.map(pairs.size());
    for (const auto& [key, item] : pairs) {
      Codec<Key>::encode(out, key);
      try {
        if constexpr (std::is_pointer_v<std::remove_cvref_t<decltype(item)>>)
          Codec<Value>::encode(out, *item);
        else
          Codec<Value>::encode(out, item);
      } catch (const Error& e) { throw e.in(place_of(key)); }
    }
  }
  static Key read_key(Decoder& in, Decoder::Map& map) {
    if constexpr (has_text_keys)
      return Key(in.text_key(map));
    else if constexpr (std::is_enum_v<Key>)
      return read_enum_key(in, map);
    else
      return in.integer_key<Key>(map);
  }
  static Key read_enum_key(Decoder& in, Decoder::Map& map) {
    if (map.row || (in.source() == ValueSource::stored && in.next_type() == TypeTag::text))
      return Codec<Key>::named(in.text_key(map));
    if (in.source() == ValueSource::stored) return static_cast<Key>(in.integer_key<std::underlying_type_t<Key>>(map));
    const std::string_view text = in.text_key(map);
    std::underlying_type_t<Key> number{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    return is_number ? static_cast<Key>(number) : Codec<Key>::named(text);
  }
  static std::string place_of(const Key& key) {
    if constexpr (std::is_enum_v<Key>) {
      if (const std::string name = Enumerators<Key>::name_of(key); !name.empty()) return "key '" + name + "'";
    }
    if constexpr (has_text_keys)
      return "key '" + key + "'";
    else
      return "key " + std::to_string(static_cast<long long>(key));
  }
};

}  // namespace backlot
