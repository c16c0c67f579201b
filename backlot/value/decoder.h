// Reads a value piece by piece, without knowing its C++ type: what the codecs of codec.h stand on. The same calls read
// whole values, items inside of others, and rows of a list of structs.
#pragma once
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backlot/value/cbor.h"
#include "backlot/value/list_layout.h"
#include "backlot/value/reference.h"

namespace backlot {

/// Where a value comes from. From JSON, which has fewer types, more is accepted: base64 text as bytes, texts such as
/// "NaN" and "-inf" as floats, floats that must be rounded, text keys as integers; but no unknown fields.
enum class ValueSource { stored, json };

/// Every reading function throws Error wrong_type when the next value is of another type, and corrupt when the bytes
/// are not what a CborWriter and a ListIndex have written. The bytes must outlive the decoder.
class Decoder {
 public:
  Decoder(TypeTag type, std::string_view raw, ValueSource source = ValueSource::stored);

  /// The type of the next value.
  TypeTag next_type() const;

  void null();
  bool boolean();
  template <std::integral T>
  T integer();
  /// An integer will do when the float has its exact value.
  double real();
  float real32();
  std::string_view text();
  /// Valid until the next call.
  std::string_view bytes();

  /// A list that is being read: begin_item before each of its `count` items. Must outlive the reading of its items.
  struct List {
    std::uint64_t count = 0;
    std::uint64_t next = 0;                    ///< index of the next item
    std::unique_ptr<const FieldNames> nested;  ///< of a nested list of rows: their fields
    std::unique_ptr<const ListView> whole;     ///< of a list that is the whole value
  };
  List list();
  /// A list of exactly `count` items.
  List list_of(std::uint64_t count);
  void begin_item(List& list);

  /// A map that is being read: a key, then its value, `count` times.
  struct Map {
    std::uint64_t count = 0;
    std::uint64_t next = 0;
    const FieldNames* row = nullptr;  ///< set: the keys are these, and only the values follow
  };
  Map map();
  std::string_view text_key(Map& map);
  template <std::integral T>
  T integer_key(Map& map);

  /// Reads over the next value.
  void skip();
  /// Throws Error corrupt when bytes are left.
  void end();

  ValueSource source() const { return source_; }
  [[noreturn]] void fail(const std::string& what) const { in_.fail(what); }

 private:
  void expect(TypeTag type) const;
  std::optional<double> exact_real_of_integer(CborInteger value) const;
  template <std::integral T>
  T fitted(CborInteger value) const;
  CborInteger read_integer();
  CborInteger read_integer_key(Map& map);
  [[noreturn]] static void throw_too_large(CborInteger value, unsigned bits, bool is_signed);

  CborReader in_;
  std::optional<TypeTag> whole_;     ///< set: what comes next is the whole value, and its bytes are no CBOR item
  std::string_view raw_;             ///< of the whole value
  const FieldNames* row_ = nullptr;  ///< set: what comes next is a row of these fields
  ValueSource source_;
  std::string buffer_;  ///< what bytes() has decoded
};

template <std::integral T>
T Decoder::fitted(CborInteger value) const {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  if (value.magnitude > most || (value.negative && std::is_unsigned_v<T>)) {
    throw_too_large(value, 8 * sizeof(T), std::is_signed_v<T>);
  }
  return value.negative ? static_cast<T>(-1 - static_cast<std::int64_t>(value.magnitude))
                        : static_cast<T>(value.magnitude);
}

template <std::integral T>
T Decoder::integer() {
  return fitted<T>(read_integer());
}

template <std::integral T>
T Decoder::integer_key(Map& map) {
  return fitted<T>(read_integer_key(map));
}

}  // namespace backlot
