// How C++ types are written and read, anywhere in a value: scalars, optionals and variants (docs/formats/values.md).
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "backlot/base/error.h"
#include "backlot/value/bytes.h"
#include "backlot/value/cbor.h"
#include "backlot/value/decoder.h"
#include "backlot/value/enumerators.h"
#include "backlot/value/reference.h"

namespace backlot {

/// How a T is written and read as one item, anywhere in a value:
///   static constexpr TypeTag tag;                  // unless it has many, as a variant and an enum do
///   static void encode(CborWriter&, const T&);     // throws Error invalid
///   static void decode(Decoder&, T&);              // throws Error wrong_type, corrupt; T() is given
/// Lists also have size(const T&), encode_items(CborWriter&, const T&, after_item), which calls after_item() behind
/// each item, and names(const T&), null unless the items are rows.
template <class T>
struct Codec;

/// How a T that cannot lie inside of another value is saved and loaded:
///   static Reference save(const T&, ValueSaver&);
///   static T load(const Reference&, ValueLoader&);
///   static T from_json(const std::string&);        // optional
template <class T>
struct WholeCodec;

/// A type that cannot be kept. Its one error is here; what else a codec has does nothing, so that no others follow.
template <class T>
struct Codec {
  static constexpr bool is_refused = true;
  static constexpr bool is_whole = requires { sizeof(WholeCodec<T>); };
  static constexpr bool is_pointer = !is_whole && std::is_pointer_v<T>;
  static_assert(!is_whole,
                "a tensor, file or folder cannot lie inside of another value: make it an artifact of its own");
  static_assert(!is_pointer, "a pointer cannot be an artifact: keep what it points to, and text as std::string");
  static_assert(is_whole || is_pointer,
                "this type cannot be an artifact: give a struct BACKLOT_FIELDS; a lock, a function or a view is no "
                "value to keep (backlot/value/codec.h lists what is)");
  static void encode(CborWriter&, const auto&) {}
  static void decode(Decoder&, auto&) {}
};

namespace codec {

template <class T>
concept Integer =
    std::integral<T> && std::same_as<T, std::remove_cv_t<T>> && !std::same_as<T, bool> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;
template <class T>
concept Duration = requires(T t) {
  typename T::rep;
  typename T::period;
  { t.count() } -> std::same_as<typename T::rep>;
};
template <class T>
concept Path = requires(T t) {
  { t.native() } -> std::same_as<const std::string&>;
  t.filename();
};
template <class T>
concept SetLike = requires {
  typename T::key_compare;
  requires std::same_as<typename T::key_type, typename T::value_type>;
};
template <class T>
concept MapLike = requires(T t) {
  typename T::key_type;
  typename T::mapped_type;
  t.try_emplace(std::declval<typename T::key_type>());
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool may_be_null = std::same_as<T, std::monostate> || std::same_as<T, std::nullptr_t>;
template <class T>
inline constexpr bool may_be_null<std::optional<T>> = true;
template <class... A>
inline constexpr bool may_be_null<std::variant<A...>> = (may_be_null<A> || ...);

template <class T>
consteval std::string_view type_name() {
  std::string_view name = __PRETTY_FUNCTION__;
  name = name.substr(name.find("T = ") + 4);
  return name.substr(0, name.find_first_of(";]"));
}

/// Runs the action; its errors name the item.
template <class Action>
void in_item(std::uint64_t index, Action action) {
  try {
    action();
  } catch (const Error& e) { throw e.in("item " + std::to_string(index)); }
}

}  // namespace codec

template <std::same_as<bool> T>
struct Codec<T> {
  static constexpr TypeTag tag = TypeTag::boolean;
  static void encode(CborWriter& out, T value) { out.boolean(value); }
  static void decode(Decoder& in, T& value) { value = in.boolean(); }
};

template <codec::Integer T>
struct Codec<T> {
  static constexpr TypeTag tag = TypeTag::integer;
  static void encode(CborWriter& out, T value) {
    if constexpr (std::is_signed_v<T>)
      out.integer(value);
    else
      out.natural(value);
  }
  static void decode(Decoder& in, T& value) { value = in.integer<T>(); }
};

/// By name, so that an enum may be reordered and grow; a value that has no name (Enumerators) by number.
template <class T>
requires std::is_enum_v<T>
struct Codec<T> {
  static_assert(!std::same_as<T, std::byte>, "bytes are kept as backlot::Bytes");
  using Number = std::underlying_type_t<T>;
  /// Of one that is written by number, as all were once: so variants tell enums from other types.
  static constexpr TypeTag number_tag = TypeTag::integer;
  static TypeTag tag_of(T value) { return Enumerators<T>::name_of(value).empty() ? TypeTag::integer : TypeTag::text; }
  static void encode(CborWriter& out, T value) {
    if (const std::string name = Enumerators<T>::name_of(value); !name.empty())
      out.text(name);
    else
      Codec<Number>::encode(out, static_cast<Number>(value));
  }
  static void decode(Decoder& in, T& value) {
    if (in.next_type() == TypeTag::text) {
      value = named(in.text());
      return;
    }
    Number number{};  // one without a name, or of a version that wrote all so
    Codec<Number>::decode(in, number);
    value = static_cast<T>(number);
  }
  static T named(std::string_view name) {
    if (auto found = Enumerators<T>::find(name)) return *found;
    throw Error(ErrorCode::wrong_type,
                "'" + std::string(name) + "' is no enumerator of " + std::string(name_of_type<T>()) +
                    " any more (of those from 0 to 63; of several for one value only the first)");
  }
};

template <>
struct Codec<double> {
  static constexpr TypeTag tag = TypeTag::real;
  static void encode(CborWriter& out, double value) { out.real(value); }
  static void decode(Decoder& in, double& value) { value = in.real(); }
};

template <>
struct Codec<float> {
  static constexpr TypeTag tag = TypeTag::real;
  static void encode(CborWriter& out, float value) { out.real(value); }
  static void decode(Decoder& in, float& value) { value = in.real32(); }
};

template <>
struct Codec<std::string> {
  static constexpr TypeTag tag = TypeTag::text;
  static void encode(CborWriter& out, const std::string& value) { out.text(value); }
  static void decode(Decoder& in, std::string& value) { value = in.text(); }
};

template <>
struct Codec<Bytes> {
  static constexpr TypeTag tag = TypeTag::bytes;
  static void encode(CborWriter& out, const Bytes& value) { out.bytes(value.view()); }
  static void decode(Decoder& in, Bytes& value) { value = Bytes::of(in.bytes()); }
};

/// A path of the file system: a text.
template <codec::Path T>
struct Codec<T> {
  static constexpr TypeTag tag = TypeTag::text;
  static void encode(CborWriter& out, const T& value) { out.text(value.native()); }
  static void decode(Decoder& in, T& value) { value = T(in.text()); }
};

template <class T>
requires std::same_as<T, std::monostate> || std::same_as<T, std::nullptr_t>
struct Codec<T> {
  static constexpr TypeTag tag = TypeTag::null;
  static void encode(CborWriter& out, T) { out.null(); }
  static void decode(Decoder& in, T&) { in.null(); }
};

/// Of integers: a number of nanoseconds, whatever the unit; of floats: seconds only.
template <codec::Duration T>
struct Codec<T> {
  using Rep = typename T::rep;
  using Unit = std::ratio_divide<typename T::period, std::nano>;
  static constexpr bool is_integer = std::integral<Rep>;
  static_assert(is_integer || std::ratio_equal_v<typename T::period, std::ratio<1>>,
                "a duration of floats is kept in seconds: std::chrono::duration<double>");
  static_assert(!is_integer || Unit::den == 1, "a duration is kept in nanoseconds");
  static constexpr TypeTag tag = is_integer ? TypeTag::integer : TypeTag::real;

  static void encode(CborWriter& out, const T& value) {
    if constexpr (is_integer) {
      constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / Unit::num;
      if (std::cmp_greater(value.count(), most) || std::cmp_less(value.count(), -most)) {
        throw Error(ErrorCode::invalid, "a duration of more than 292 years");
      }
      out.integer(static_cast<std::int64_t>(value.count()) * Unit::num);
    } else {
      out.real(value.count());
    }
  }
  static void decode(Decoder& in, T& value) {
    if constexpr (is_integer) {
      auto nanoseconds = in.integer<std::int64_t>();
      auto count = nanoseconds / Unit::num;
      if (nanoseconds % Unit::num != 0 || !std::in_range<Rep>(count)) {
        throw Error(ErrorCode::wrong_type, std::to_string(nanoseconds) + " ns do not fit the duration's unit");
      }
      value = T(static_cast<Rep>(count));
    } else {
      Rep seconds{};
      Codec<Rep>::decode(in, seconds);
      value = T(seconds);
    }
  }
};

template <class T>
struct Codec<std::optional<T>> {
  static_assert(!codec::may_be_null<T>, "an optional of what may be null itself: null would mean both");
  static void encode(CborWriter& out, const std::optional<T>& value) {
    if (value)
      Codec<T>::encode(out, *value);
    else
      out.null();
  }
  static void decode(Decoder& in, std::optional<T>& value) {
    if (in.next_type() == TypeTag::null) {
      in.null();
      value.reset();
    } else {
      Codec<T>::decode(in, value.emplace());
    }
  }
};
/// Alternatives of different types stand for themselves; else a map from the alternative's number to the value.
template <class... A>
struct Codec<std::variant<A...>> {
  using Variant = std::variant<A...>;

  /// The alternative that has this type, or -1; -2 when the alternatives do not differ by type.
  static constexpr int plain_alternative(TypeTag type) {
    if constexpr (((
                       requires { Codec<A>::tag; } || requires { Codec<A>::number_tag; }) &&
                   ...))
      return which_of({tag_of_alternative<A>()...}, type);
    else
      return -2;
  }
  /// An enum among the alternatives is written by name, unless another one is a text.
  static constexpr bool names_enums = plain_alternative(TypeTag::text) == -1;
  static constexpr bool is_plain = plain_alternative(TypeTag::null) != -2;

  static void encode(CborWriter& out, const Variant& value) {
    if constexpr (is_plain) {
      std::visit(
          [&]<class T>(const T& x) {
            if constexpr (std::is_enum_v<T> && !names_enums)
              Codec<std::underlying_type_t<T>>::encode(out, static_cast<std::underlying_type_t<T>>(x));
            else
              Codec<T>::encode(out, x);
          },
          value);
    } else {
      auto nested = out.nested();
      out.map(1);
      out.natural(value.index());
      std::visit([&]<class T>(const T& x) { Codec<T>::encode(out, x); }, value);
    }
  }
  static void decode(Decoder& in, Variant& value) {
    if constexpr (is_plain) {
      TypeTag found = in.next_type();
      int alternative = plain_alternative(found);
      if (alternative == -1 && found == TypeTag::text) alternative = enum_alternative();
      if (in.source() == ValueSource::json && alternative < 0 && found == TypeTag::integer) {
        alternative = plain_alternative(TypeTag::real);
      }
      if (alternative < 0) {
        throw Error(ErrorCode::wrong_type, "no alternative of the variant is " + std::string(name_of(found)));
      }
      decode_alternative(in, value, static_cast<std::size_t>(alternative), std::index_sequence_for<A...>());
    } else {
      Decoder::Map map = in.map();
      if (map.count != 1) throw Error(ErrorCode::wrong_type, "expected the one alternative of a variant");
      auto alternative = in.integer_key<std::uint32_t>(map);
      if (alternative >= sizeof...(A)) throw Error(ErrorCode::wrong_type, "the variant has no such alternative");
      decode_alternative(in, value, alternative, std::index_sequence_for<A...>());
    }
  }

 private:
  static constexpr int which_of(const std::array<TypeTag, sizeof...(A)>& tags, TypeTag type) {
    int found = -1;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j)
        if (tags[i] == tags[j]) return -2;
      if (tags[i] == type) found = static_cast<int>(i);
    }
    return found;
  }
  static constexpr int enum_alternative() {
    const std::array<bool, sizeof...(A)> enums{std::is_enum_v<A>...};
    for (std::size_t i = 0; i < enums.size(); ++i)
      if (enums[i]) return static_cast<int>(i);
    return -1;
  }
  template <class B>
  static constexpr TypeTag tag_of_alternative() {
    if constexpr (requires { Codec<B>::tag; })
      return Codec<B>::tag;
    else
      return Codec<B>::number_tag;
  }
  template <std::size_t... I>
  static void decode_alternative(Decoder& in, Variant& value, std::size_t which, std::index_sequence<I...>) {
    (void)((which == I && (Codec<A>::decode(in, value.template emplace<I>()), true)) || ...);
  }
};

}  // namespace backlot
