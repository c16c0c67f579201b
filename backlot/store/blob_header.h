// The head of a blob file: everything but the payload (docs/formats/blob.md).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/base/digest.h"
#include "backlot/value/reference.h"

namespace backlot {

enum class BlobCodec : std::uint8_t {
  raw = 0,
  zstd = 1,  ///< one frame for each chunk
};

struct BlobHeader {
  TypeTag type = TypeTag::null;
  BlobCodec codec = BlobCodec::raw;
  std::uint64_t raw_size = 0;
  std::vector<Digest> refers_to;
  std::vector<Digest> chunks;              ///< SHA-256 of each chunk of the raw bytes
  std::vector<std::uint32_t> frame_sizes;  ///< zstd: the stored size of each chunk; raw: empty

  /// The blob's name: the same as identity_of(type, raw bytes).
  Digest identity() const;
  std::uint64_t stored_size() const;
  /// Where the payload begins in the file: aligned to a page when the blob is raw and large, else to 64 bytes.
  std::uint64_t payload_offset() const;
  /// The raw size of chunk i: identity_chunk, less for the last.
  std::size_t chunk_size(std::size_t i) const;
  bool operator==(const BlobHeader&) const = default;
};

inline constexpr std::size_t chunk_count(std::uint64_t raw_size) {
  return raw_size / identity_chunk + (raw_size % identity_chunk != 0);
}

/// Exactly payload_offset() bytes.
std::string encode_blob_header(const BlobHeader& header);

/// How many bytes of the file parse_blob_header needs, judging by its first blob_header_minimum ones. Throws as it
/// does.
inline constexpr std::size_t blob_header_minimum = 32;
std::uint64_t blob_header_length(std::string_view start);

/// `start` is the whole file or a beginning of it, blob_header_length() bytes at least. Every byte before the payload
/// is checked. Throws Error corrupt, newer_format.
BlobHeader parse_blob_header(std::string_view start);

}  // namespace backlot
