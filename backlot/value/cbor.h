// Deterministic CBOR (RFC 8949 §4.2): the bytes of values, manifests and frames. Ours, because equal values must give
// equal bytes and a reader of the store must refuse everything else: shortest integers, definite lengths, floats
// always 64 bits, one NaN, texts in UTF-8, bounded nesting. Map order is kept. (docs/formats/values.md)
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

/// Lists and maps nest no deeper than this.
inline constexpr std::size_t cbor_depth_limit = 256;

/// Appends to a buffer of the caller's.
class CborWriter {
 public:
  explicit CborWriter(std::string& out) : out_(out) {}
  CborWriter(const CborWriter&) = delete;
  CborWriter& operator=(const CborWriter&) = delete;

  void null() { out_ += '\xf6'; }
  void boolean(bool value) { out_ += value ? '\xf5' : '\xf4'; }
  void integer(std::int64_t value) {
    value < 0 ? head(1, ~static_cast<std::uint64_t>(value)) : head(0, static_cast<std::uint64_t>(value));
  }
  void natural(std::uint64_t value) { head(0, value); }
  void real(double value);
  /// Throws Error invalid when it is not UTF-8.
  void text(std::string_view value);
  void bytes(std::string_view value);
  /// The head of a text or of bytes; the caller appends the content. It must be UTF-8 for a text.
  void text_head(std::uint64_t size) { head(3, size); }
  void bytes_head(std::uint64_t size) { head(2, size); }
  /// The `items` that follow belong to it.
  void list(std::uint64_t items) { head(4, items); }
  /// The `pairs` of items that follow belong to it.
  void map(std::uint64_t pairs) { head(5, pairs); }
  /// Says something about the item that follows.
  void tag(std::uint64_t number) { head(6, number); }
  /// Items that are encoded already.
  void raw(std::string_view items) { out_ += items; }

  /// Held while the items of `levels` lists or maps, one in the other, are written by code that recurses. What nests
  /// deeper than cbor_depth_limit could not be read again: throws Error invalid.
  class Nested {
   public:
    Nested(CborWriter& writer, std::size_t levels);
    ~Nested() { writer_.depth_ -= levels_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    CborWriter& writer_;
    std::size_t levels_;
  };
  [[nodiscard]] Nested nested(std::size_t levels = 1) { return {*this, levels}; }

 private:
  void head(unsigned major, std::uint64_t value);
  std::string& out_;
  std::size_t depth_ = 0;
};

/// natural: an integer from 0; negative: one below.
enum class CborType : std::uint8_t { natural, negative, bytes, text, list, map, tag, boolean, null, real };
std::string_view name_of(CborType type);

/// Any integer that has no tag: from -2^64 to 2^64 - 1.
struct CborInteger {
  bool negative = false;
  std::uint64_t magnitude = 0;  ///< of a negative one: -1 - value
};

/// Reads one item after another. Everything that is not what a CborWriter writes, or not what is asked for, throws
/// Error corrupt with its offset. Lengths are checked against what is left before anything is allocated. Views are
/// into the bytes given.
class CborReader {
 public:
  explicit CborReader(std::string_view in) : in_(in) {}

  CborType next_type() const;
  void null();
  bool boolean();
  CborInteger any_integer();
  std::int64_t integer();
  /// An integer of at least `least` and at most `most`.
  std::int64_t integer(std::int64_t least, std::int64_t most);
  std::uint64_t natural();
  /// A natural number of at most `most`.
  std::uint64_t natural(std::uint64_t most);
  double real();
  std::string_view text();
  std::string_view bytes();
  std::uint64_t list();  ///< the number of items that follow
  void list_of(std::uint64_t items);
  std::uint64_t map();  ///< the number of pairs that follow
  /// The number of a tag; the item it belongs to follows.
  std::uint64_t tag();
  /// Reads over one whole item and returns its bytes.
  std::string_view skip();

  bool at_end() const { return at_ == in_.size(); }
  std::size_t offset() const { return at_; }
  std::size_t left() const { return in_.size() - at_; }
  /// Throws when bytes are left, or a list or map is not read to its end.
  void end() const;
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::uint64_t head();
  std::uint64_t head_of(CborType type);
  std::string_view run(std::uint64_t size);
  void open(std::uint64_t items);
  void item_done();

  std::string_view in_;
  std::size_t at_ = 0;
  std::vector<std::uint64_t> open_;  ///< items still to come in each list and map around, outermost first
};

}  // namespace backlot
