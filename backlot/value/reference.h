// What stands for a value without holding it: its type, its size, its identity and where its bytes lie.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "backlot/base/digest.h"

namespace backlot {

/// How the bytes of a value are to be read (docs/formats/values.md). Numbers are part of the format: never reused.
enum class TypeTag : std::uint8_t {
  null = 0,
  boolean = 1,
  integer = 2,
  real = 3,
  text = 4,
  bytes = 5,
  list = 6,  ///< with an index of its items, so that one item is read without the others
  map = 7,   ///< also a described struct
  tensor = 8,
  table = 9,  ///< columns in Arrow's layout
  file = 10,
  folder = 11,
  pickle = 12,  ///< opaque here; written and read by Python
  pack = 13,    ///< many small values in one blob
  code = 14,    ///< the binary or source of a flow
};
std::string_view name_of(TypeTag type);

/// The identity of a value: SHA-256 over (type tag, length, SHA-256 of each 1 MiB chunk of the raw bytes)
/// (docs/formats/identity.md). Same value, same identity, wherever and however it is stored.
Digest identity_of(TypeTag type, std::string_view raw);
/// The same, of raw bytes of which only the size and the SHA-256 of each chunk are known.
Digest identity_of(TypeTag type, std::uint64_t size, std::span<const Digest> chunks);

/// The size of the chunks that identity_of hashes one by one.
inline constexpr std::size_t identity_chunk = 1 << 20;

/// Stands for a value: inline in the manifest that names it, inside a pack blob, or a blob of its own.
struct Reference {
  enum class Place : std::uint8_t { inlined = 0, packed = 1, blob = 2 };
  TypeTag type = TypeTag::null;
  Place place = Place::inlined;
  std::uint64_t size = 0;         ///< of the raw bytes
  std::string inline_bytes;       ///< inlined: the raw bytes
  Digest id;                      ///< packed, blob: the identity (also the blob's name when it is a blob)
  Digest pack;                    ///< packed: the pack blob
  std::uint64_t pack_offset = 0;  ///< packed: where the raw bytes begin in the pack's raw bytes

  /// The identity of the value; computed when it is inlined.
  Digest identity() const;
  /// True when both stand for the same value, wherever it lies. Loads nothing.
  bool same_value(const Reference& other) const;
  bool operator==(const Reference&) const = default;

  static Reference inlined(TypeTag type, std::string raw);
};

/// A value no larger than this lies inline in its manifest, while the manifest stays below inline_manifest_limit.
inline constexpr std::size_t inline_value_limit = 512;
inline constexpr std::size_t inline_manifest_limit = 16 << 10;
/// A value no larger than this shares a pack blob with the attempt's others; larger ones are blobs.
inline constexpr std::size_t packed_value_limit = 64 << 10;

}  // namespace backlot
