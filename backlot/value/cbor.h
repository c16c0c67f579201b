// Deterministic CBOR (RFC 8949 §4.2): the bytes of values, manifests and frames. Ours, because equal values must give
// equal bytes and a reader of the store must refuse everything else: shortest integers, definite lengths, floats
// always 64 bits, bounded nesting. Map order is kept.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace backlot {

/// Appends to a buffer of the caller's.
class CborWriter {
 public:
  explicit CborWriter(std::string& out) : out_(out) {}
  void null() { out_ += '\xf6'; }
  void boolean(bool value) { out_ += value ? '\xf5' : '\xf4'; }
  void integer(std::int64_t value);
  void natural(std::uint64_t value) { head(0, value); }
  void real(double value);
  void text(std::string_view value);
  void bytes(std::string_view value);
  void list(std::uint64_t items) { head(4, items); }
  void map(std::uint64_t pairs) { head(5, pairs); }
  /// Items that are encoded already.
  void raw(std::string_view items) { out_ += items; }

 private:
  void head(unsigned major, std::uint64_t value);
  std::string& out_;
};

enum class CborType : std::uint8_t { natural, negative, bytes, text, list, map, boolean, null, real };

/// Reads one item after another. Everything that is not deterministic CBOR, or not what is asked for, throws Error
/// corrupt with its offset. Lengths are checked against what is left before anything is allocated.
class CborReader {
 public:
  static constexpr int deepest = 256;
  explicit CborReader(std::string_view in) : in_(in) {}

  /// JSON does not tell 3 from 3.0: after this call a real may be written as an integer.
  void accept_integers_as_reals() { integers_as_reals_ = true; }
  bool integers_as_reals() const { return integers_as_reals_; }

  CborType next_type() const;
  void null();
  bool boolean();
  std::int64_t integer();
  std::uint64_t natural();
  double real();
  std::string_view text();
  std::string_view bytes();
  std::uint64_t list();   ///< the number of items that follow
  std::uint64_t map();    ///< the number of pairs that follow
  void skip() { skip(0); }
  bool at_end() const { return at_ == in_.size(); }
  std::size_t offset() const { return at_; }
  /// Throws when bytes are left.
  void end() const;
  [[noreturn]] void fail(const char* what) const;

 private:
  struct Head {
    unsigned major;
    std::uint64_t value;
  };
  Head head();
  std::uint64_t head_of(unsigned major, const char* what);
  std::string_view run(std::uint64_t size);
  void skip(int depth);
  std::string_view in_;
  std::size_t at_ = 0;
  bool integers_as_reals_ = false;
};

}  // namespace backlot
