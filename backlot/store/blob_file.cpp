#include "backlot/store/blob_file.h"

#include <algorithm>
#include <cstdlib>

#include "backlot/base/compress.h"
#include "backlot/base/error.h"

namespace backlot {
namespace {

constexpr std::size_t smallest_compressed = 4096, sample_size = 64 << 10, most_samples = 3;
constexpr double ratio_that_pays = 0.9;
/// Raw blobs up to this size are checked whole whenever they are opened: it costs less than opening them.
constexpr std::size_t always_checked = 4096;

/// Judges by up to three samples, from the beginning to the end of the value.
// Read in place, an item, a page or a value at a time: were they compressed, every task of a foreach would unpack the
// whole list to see one item.
bool is_read_in_part(TypeTag type) { return type == TypeTag::list || type == TypeTag::tensor || type == TypeTag::pack; }

bool compression_pays(TypeTag type, const Pieces& pieces, std::uint64_t size) {
  if (size < smallest_compressed || is_read_in_part(type)) return false;
  const std::size_t samples = std::clamp<std::uint64_t>(size / sample_size, 1, most_samples);
  const std::uint64_t stride = samples == 1 ? 0 : (size - sample_size) / (samples - 1);
  std::size_t before = 0, after = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    std::string sample = copy_range(pieces, i * stride, sample_size);
    before += sample.size();
    after += compress(sample).size();
  }
  return static_cast<double>(after) <= ratio_that_pays * static_cast<double>(before);
}

void check_file_size(const BlobHeader& header, std::uint64_t size) {
  std::uint64_t expected = header.payload_offset() + header.stored_size();
  if (size == expected) return;
  throw Error(ErrorCode::corrupt,
              "the file has " + std::to_string(size) + " bytes instead of " + std::to_string(expected));
}

void check_name(const BlobHeader& header, const Digest& id) {
  if (header.identity() != id) throw Error(ErrorCode::corrupt, "the chunk table is not the one of its name");
}

std::string chunk_place(std::size_t i) { return "chunk " + std::to_string(i); }

void check_chunk(const BlobHeader& header, std::size_t i, std::string_view raw) {
  if (sha256(raw) != header.chunks[i]) throw Error(ErrorCode::corrupt, "the bytes have changed").in(chunk_place(i));
}

/// Visits (i, where chunk i begins in the payload, its stored size).
template <class Visit>
void each_stored_chunk(const BlobHeader& header, Visit visit) {
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < header.chunks.size(); ++i) {
    std::size_t size = header.codec == BlobCodec::raw ? header.chunk_size(i) : header.frame_sizes[i];
    visit(i, at, size);
    at += size;
  }
}

void decompress_chunk(const BlobHeader& header, std::size_t i, std::string_view frame, char* raw) {
  try {
    decompress_into(frame, raw, header.chunk_size(i));
  } catch (const Error& e) { throw e.in(chunk_place(i)); }
  check_chunk(header, i, {raw, header.chunk_size(i)});
}

class MappedBlob : public Mapping {
 public:
  MappedBlob(std::unique_ptr<Mapping> file, std::uint64_t payload_offset) : file_(std::move(file)) {
    bytes_ = file_->bytes().substr(payload_offset);
  }

 private:
  std::unique_ptr<Mapping> file_;
};

/// Aligned as a mapped payload would be, so that tensors need not care.
class DecompressedBlob : public Mapping {
 public:
  DecompressedBlob(const BlobHeader& header, std::string_view payload)
      : buffer_(static_cast<char*>(std::aligned_alloc(alignment, rounded(header.raw_size))), std::free) {
    if (!buffer_) throw std::bad_alloc();
    each_stored_chunk(header, [&](std::size_t i, std::uint64_t at, std::size_t size) {
      decompress_chunk(header, i, payload.substr(at, size), buffer_.get() + i * identity_chunk);
    });
    bytes_ = {buffer_.get(), header.raw_size};
  }

 private:
  static constexpr std::size_t alignment = 4096;
  static std::size_t rounded(std::uint64_t size) { return (size + alignment - 1) / alignment * alignment; }

  std::unique_ptr<char, void (*)(void*)> buffer_;
};

std::uint64_t write_payload(File& file, BlobHeader& header, const Pieces& pieces) {
  std::uint64_t at = header.payload_offset();
  PieceChunks chunks(pieces);
  for (std::string_view chunk = chunks.next(); !chunk.empty(); chunk = chunks.next()) {
    if (header.codec == BlobCodec::raw) {
      file.write(at, chunk);
      at += chunk.size();
      continue;
    }
    std::string frame = compress(chunk);
    file.write(at, frame);
    at += frame.size();
    header.frame_sizes.push_back(static_cast<std::uint32_t>(frame.size()));
  }
  return at;
}

}  // namespace

BlobHeader describe_blob(TypeTag type, const Pieces& pieces, const std::vector<Digest>& refers_to) {
  BlobHeader header;
  header.type = type;
  header.raw_size = total_size(pieces);
  header.refers_to = refers_to;
  header.chunks.reserve(chunk_count(header.raw_size));
  PieceChunks chunks(pieces);
  for (std::string_view chunk = chunks.next(); !chunk.empty(); chunk = chunks.next()) {
    header.chunks.push_back(sha256(chunk));
  }
  return header;
}

BlobHeader describe_changed_blob(const BlobHeader& before, const std::vector<bool>& same, const Pieces& pieces) {
  BACKLOT_ASSERT(before.raw_size == total_size(pieces) && same.size() == before.chunks.size());
  BlobHeader header;
  header.type = before.type;
  header.raw_size = before.raw_size;
  header.chunks.reserve(before.chunks.size());
  PieceChunks chunks(pieces);
  for (std::size_t i = 0; i < same.size(); ++i) {
    std::string_view chunk = chunks.next();
    header.chunks.push_back(same[i] ? before.chunks[i] : sha256(chunk));
  }
  return header;
}

void write_blob(File& file, BlobHeader header, const Pieces& pieces) {
  header.codec = compression_pays(header.type, pieces, header.raw_size) ? BlobCodec::zstd : BlobCodec::raw;
  write_payload(file, header, pieces);
  file.write(0, encode_blob_header(header));
  file.sync();
}

BlobHeader read_blob_header(File& file, const Digest& id) {
  constexpr std::size_t enough_for_most = 4096;
  std::string start = file.read(0, enough_for_most);
  std::uint64_t length = blob_header_length(start), size = file.size();
  if (length > start.size() && length <= size) start = file.read(0, length);
  BlobHeader header = parse_blob_header(start);
  check_name(header, id);
  check_file_size(header, size);
  return header;
}

std::shared_ptr<const Mapping> open_blob(File& file, const Digest& id, const std::function<bool()>& check_mapped) {
  std::unique_ptr<Mapping> mapped = file.map();
  BlobHeader header = parse_blob_header(mapped->bytes());
  check_name(header, id);
  check_file_size(header, mapped->bytes().size());
  std::string_view payload = mapped->bytes().substr(header.payload_offset());
  if (header.codec == BlobCodec::zstd) return std::make_shared<DecompressedBlob>(header, payload);
  bool is_small = header.raw_size <= always_checked;
  if (is_small || check_mapped()) {
    for (std::size_t i = 0; i < header.chunks.size(); ++i)
      check_chunk(header, i, payload.substr(i * identity_chunk, header.chunk_size(i)));
  }
  return std::make_shared<MappedBlob>(std::move(mapped), header.payload_offset());
}

void each_chunk(File& file, const Digest& id, const std::function<void(std::string_view raw)>& visit) {
  const BlobHeader header = read_blob_header(file, id);
  std::string raw(header.codec == BlobCodec::zstd && header.raw_size > 0 ? header.chunk_size(0) : 0, '\0');
  each_stored_chunk(header, [&](std::size_t i, std::uint64_t at, std::size_t size) {
    std::string stored = file.read(header.payload_offset() + at, size);
    if (header.codec == BlobCodec::raw) {
      check_chunk(header, i, stored);
      visit(stored);
    } else {
      decompress_chunk(header, i, stored, raw.data());
      visit(std::string_view(raw).substr(0, header.chunk_size(i)));
    }
  });
}

bool holds(File& file, const Digest& id, const Pieces& pieces) {
  auto never = [] { return false; };
  std::shared_ptr<const Mapping> held = open_blob(file, id, never);
  std::string_view left = held->bytes();
  for (std::string_view piece : pieces) {
    if (!left.starts_with(piece)) return false;
    left.remove_prefix(piece.size());
  }
  return left.empty();
}

void verify_blob(File& file, const Digest& id) {
  each_chunk(file, id, [](std::string_view) {});
}

}  // namespace backlot
