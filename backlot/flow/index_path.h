// Where a task stands in its run besides its step: the foreach items and loop passes around it, outermost first.
// Structural, so that resume, cache and retry find the same task again. Written "[3.17]", "[@1]", "[3@1.5]", "[]".
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

struct IndexPath {
  enum class Kind : std::uint8_t { item, pass };  ///< of a foreach; of a loop, counted from 0
  struct Part {
    Kind kind;
    std::uint64_t value;
    auto operator<=>(const Part&) const = default;
  };
  std::vector<Part> parts;

  auto operator<=>(const IndexPath&) const = default;
  IndexPath with(Kind kind, std::uint64_t value) const;

  /// "[3@1.5]": items after a dot (none before the first), passes after an @.
  std::string text() const;
  /// Empty when `text` is not a path.
  static std::optional<IndexPath> parse(std::string_view text);

  /// Bytes that sort (memcmp) as the paths of one step do: per part a byte 0x10|n (item) or 0x20|n (pass), then the
  /// value in n big-endian bytes without leading zeros (docs/formats/identity.md).
  std::string key() const;
  static std::optional<IndexPath> from_key(std::string_view key);
};

}  // namespace backlot
