#include "backlot/store/blob_header.h"

#include <algorithm>
#include <numeric>

#include "backlot/base/error.h"

namespace backlot {
namespace {

constexpr std::string_view magic = "BACKBLOB";
constexpr std::uint16_t format_version = 1;
constexpr std::size_t fixed_size = blob_header_minimum, digest_size = 32, frame_size_size = 4;
constexpr std::uint64_t compact_alignment = 64, page_alignment = 4096, compact_limit = 4096;

template <class Integer>
void append(std::string& out, Integer value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i));
}

template <class Integer>
Integer number_at(std::string_view bytes, std::size_t at) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = static_cast<Integer>(value | static_cast<Integer>(static_cast<unsigned char>(bytes[at + i])) << (8 * i));
  }
  return value;
}

[[noreturn]] void throw_corrupt(const std::string& why) { throw Error(ErrorCode::corrupt, "header: " + why); }

/// The part of fixed size, and where what follows it lies.
struct Layout {
  TypeTag type;
  BlobCodec codec;
  std::uint32_t references, chunks;
  std::uint64_t raw_size;

  std::uint64_t chunks_at() const { return fixed_size + std::uint64_t{references} * digest_size; }
  std::uint64_t frames_at() const { return chunks_at() + std::uint64_t{chunks} * digest_size; }
  std::uint64_t checksum_at() const {
    return frames_at() + (codec == BlobCodec::zstd ? std::uint64_t{chunks} * frame_size_size : 0);
  }
  std::uint64_t payload_at() const {
    std::uint64_t alignment = codec == BlobCodec::raw && raw_size > compact_limit ? page_alignment : compact_alignment;
    return (checksum_at() + digest_size + alignment - 1) / alignment * alignment;
  }
};

Layout layout_of(const BlobHeader& h) {
  return {h.type, h.codec, static_cast<std::uint32_t>(h.refers_to.size()), static_cast<std::uint32_t>(h.chunks.size()),
          h.raw_size};
}

Layout parse_layout(std::string_view start) {
  if (start.size() < fixed_size) throw_corrupt("cut short");
  if (!start.starts_with(magic)) throw_corrupt("not a blob");
  auto version = number_at<std::uint16_t>(start, 8);
  if (version > format_version) {
    throw Error(
        ErrorCode::newer_format,
        "blob format " + std::to_string(version) + " is newer than this backlot's " + std::to_string(format_version),
        "upgrade backlot");
  }
  if (version == 0) throw_corrupt("no such version");
  Layout layout{static_cast<TypeTag>(start[10]), static_cast<BlobCodec>(start[11]), number_at<std::uint32_t>(start, 12),
                number_at<std::uint32_t>(start, 16), number_at<std::uint64_t>(start, 24)};
  if (number_at<std::uint32_t>(start, 20) != 0) throw_corrupt("reserved bytes are not zero");
  if (layout.codec != BlobCodec::raw && layout.codec != BlobCodec::zstd) throw_corrupt("no such codec");
  if (chunk_count(layout.raw_size) != layout.chunks) throw_corrupt("number of chunks does not fit the size");
  return layout;
}

std::vector<Digest> digests_at(std::string_view bytes, std::uint64_t at, std::size_t count) {
  std::vector<Digest> digests(count);
  for (Digest& d : digests) {
    d = *Digest::from_bytes(bytes.substr(at, digest_size));
    at += digest_size;
  }
  return digests;
}

}  // namespace

Digest BlobHeader::identity() const { return identity_of(type, raw_size, chunks); }

std::uint64_t BlobHeader::stored_size() const {
  if (codec == BlobCodec::raw) return raw_size;
  return std::accumulate(frame_sizes.begin(), frame_sizes.end(), std::uint64_t{0});
}

std::uint64_t BlobHeader::payload_offset() const { return layout_of(*this).payload_at(); }

std::size_t BlobHeader::chunk_size(std::size_t i) const {
  return std::min<std::uint64_t>(identity_chunk, raw_size - i * std::uint64_t{identity_chunk});
}

std::string encode_blob_header(const BlobHeader& header) {
  std::string out(magic);
  append(out, format_version);
  append(out, static_cast<std::uint8_t>(header.type));
  append(out, static_cast<std::uint8_t>(header.codec));
  append(out, static_cast<std::uint32_t>(header.refers_to.size()));
  append(out, static_cast<std::uint32_t>(header.chunks.size()));
  append(out, std::uint32_t{0});
  append(out, header.raw_size);
  for (const Digest& d : header.refers_to) out += d.view();
  for (const Digest& d : header.chunks) out += d.view();
  for (std::uint32_t size : header.frame_sizes) append(out, size);
  out += sha256(out).view();
  out.resize(header.payload_offset());
  return out;
}

std::uint64_t blob_header_length(std::string_view start) { return parse_layout(start).payload_at(); }

BlobHeader parse_blob_header(std::string_view start) {
  const Layout layout = parse_layout(start);
  if (start.size() < layout.payload_at()) throw_corrupt("cut short");
  const std::string_view checked = start.substr(0, layout.checksum_at());
  const std::string_view padding =
      start.substr(checked.size() + digest_size, layout.payload_at() - checked.size() - digest_size);
  if (sha256(checked).view() != start.substr(checked.size(), digest_size)) throw_corrupt("checksum differs");
  if (padding.find_first_not_of('\0') != std::string_view::npos) throw_corrupt("bytes before the payload are not zero");

  BlobHeader header{layout.type, layout.codec, layout.raw_size, {}, {}, {}};
  header.refers_to = digests_at(start, fixed_size, layout.references);
  header.chunks = digests_at(start, layout.chunks_at(), layout.chunks);
  for (std::uint64_t at = layout.frames_at(); at < layout.checksum_at(); at += frame_size_size) {
    header.frame_sizes.push_back(number_at<std::uint32_t>(start, at));
  }
  return header;
}

}  // namespace backlot
