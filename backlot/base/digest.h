// SHA-256, by OpenSSL. The low-level functions are used on purpose: they need no provider to be loaded, which would
// cost every forked task 1.4 ms.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace backlot {

/// A SHA-256 value. Its text form is 64 lower-case hex digits.
struct Digest {
  std::array<unsigned char, 32> bytes{};
  auto operator<=>(const Digest&) const = default;
  std::string hex() const;
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  /// Empty when `text` is not 64 lower-case hex digits.
  static std::optional<Digest> from_hex(std::string_view text);
  /// Empty when `raw` is not 32 bytes.
  static std::optional<Digest> from_bytes(std::string_view raw);
};

Digest sha256(std::string_view bytes);

/// SHA-256 of bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  Digest finish();

 private:
  alignas(16) unsigned char state_[128];
};

/// A fast, well-mixed 64-bit number from a digest, for hash tables.
struct DigestHash {
  std::size_t operator()(const Digest& d) const;
};

}  // namespace backlot
