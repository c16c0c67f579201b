// Codecs of lists: vector, set, array, pair, tuple.
#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "backlot/value/item_codec.h"
#include "backlot/value/list_layout.h"
#include "backlot/value/map_codec.h"

namespace backlot {

namespace codec {

template <class T>
concept TupleLike = requires {
  std::tuple_size<T>::value;
};

/// What the codecs of all lists share: nested ones are CBOR arrays, or, of rows, tagged [names, rows].
template <class T>
struct ListCodec {
  static constexpr TypeTag tag = TypeTag::list;
  static void encode(CborWriter& out, const T& value) {
    if (const Names* rows = Codec<T>::names(value)) {
      auto nested = out.nested(2);
      out.tag(rows_tag);
      out.list(2);
      write_names(out, *rows);
      out.list(Codec<T>::size(value));
      Codec<T>::encode_items(out, value, [] {});
    } else {
      auto nested = out.nested();
      out.list(Codec<T>::size(value));
      Codec<T>::encode_items(out, value, [] {});
    }
  }
};

}  // namespace codec

/// A list of structs is the names of their fields and a row for each; an empty one is like any empty list.
template <class T>
struct Codec<std::vector<T>> : codec::ListCodec<std::vector<T>> {
  static std::uint64_t size(const std::vector<T>& value) { return value.size(); }
  static const Names* names([[maybe_unused]] const std::vector<T>& value) {
    if constexpr (Described<T>) {
      if (!value.empty()) return &codec::struct_layout(value[0]).names();
    }
    return nullptr;
  }
  static void encode_items(CborWriter& out, const std::vector<T>& value, auto after_item) {
    std::uint64_t index = 0;
    for (const auto& item : value) {
      codec::in_item(index++, [&] {
        if constexpr (Described<T>)
          codec::struct_layout(item).encode_row(out, &item);
        else
          Codec<T>::encode(out, item);
      });
      after_item();
    }
  }
  static void decode(Decoder& in, std::vector<T>& value) {
    constexpr std::uint64_t most_reserved = std::is_arithmetic_v<T> ? UINT64_MAX : 1024;
    Decoder::List list = in.list();
    value.reserve(list.count < most_reserved ? list.count : most_reserved);
    for (std::uint64_t i = 0; i < list.count; ++i) {
      codec::in_item(i, [&] {
        in.begin_item(list);
        if constexpr (std::same_as<T, bool>)
          value.push_back(in.boolean());
        else
          Codec<T>::decode(in, value.emplace_back());
      });
    }
  }
};

/// Sorted.
template <codec::SetLike T>
struct Codec<T> : codec::ListCodec<T> {
  using Item = typename T::value_type;
  static std::uint64_t size(const T& value) { return value.size(); }
  static const Names* names(const T&) { return nullptr; }
  static void encode_items(CborWriter& out, const T& value, auto after_item) {
    for (const Item& item : value) {
      Codec<Item>::encode(out, item);
      after_item();
    }
  }
  static void decode(Decoder& in, T& value) {
    Decoder::List list = in.list();
    for (std::uint64_t i = 0; i < list.count; ++i) {
      codec::in_item(i, [&] {
        in.begin_item(list);
        Item item{};
        Codec<Item>::decode(in, item);
        if (!value.insert(std::move(item)).second) throw Error(ErrorCode::wrong_type, "stands twice in a set");
      });
    }
  }
};

/// std::array, std::pair, std::tuple: a list of as many items.
template <codec::TupleLike T>
struct Codec<T> : codec::ListCodec<T> {
  static constexpr std::size_t count = std::tuple_size_v<T>;
  static std::uint64_t size(const T&) { return count; }
  static const Names* names(const T&) { return nullptr; }
  static void encode_items(CborWriter& out, const T& value, auto after_item) {
    each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      Codec<std::tuple_element_t<I, T>>::encode(out, std::get<I>(value));
      after_item();
    });
  }
  static void decode(Decoder& in, T& value) {
    Decoder::List list = in.list_of(count);
    each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      in.begin_item(list);
      Codec<std::tuple_element_t<I, T>>::decode(in, std::get<I>(value));
    });
  }

 private:
  static void each(auto action) {
    auto all = [&]<std::size_t... I>(std::index_sequence<I...>) {
      (codec::in_item(I, [&] { action(std::integral_constant<std::size_t, I>()); }), ...);
    };
    all(std::make_index_sequence<count>());
  }
};

}  // namespace backlot
