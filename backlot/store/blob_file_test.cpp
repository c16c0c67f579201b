#include "backlot/store/blob_file.h"

#include <gtest/gtest.h>

#include <set>

#include "backlot/base/test_memory_files.h"
#include "backlot/store/test_values.h"

namespace backlot {
namespace {

struct Blob {
  Digest id;
  std::string bytes;  ///< of the file
};

Blob blob_of(TypeTag type, const Pieces& pieces, const std::vector<Digest>& refers_to = {}) {
  MemoryFiles files;
  auto file = files.open("/blob", OpenMode::create_new);
  BlobHeader header = describe_blob(type, pieces, refers_to);
  Digest id = header.identity();
  write_blob(*file, std::move(header), pieces);
  return {id, file->read(0, file->size())};
}

std::unique_ptr<File> file_of(MemoryFiles& files, std::string_view bytes) {
  auto file = files.open("/blob", OpenMode::open_or_create);
  file->truncate(0);
  file->write(0, bytes);
  return file;
}

bool checked() { return true; }
bool unchecked() { return false; }

std::vector<std::size_t> sizes_around_all_boundaries() {
  std::set<std::size_t> sizes = {0, 1, 2, 63, 64, 65};
  for (std::size_t edge : {std::size_t{4096}, std::size_t{8192}, std::size_t{64} << 10, std::size_t{128} << 10,
                           std::size_t{192} << 10, identity_chunk, 2 * identity_chunk}) {
    sizes.insert({edge - 1, edge, edge + 1});
  }
  return {sizes.begin(), sizes.end()};
}

TEST(BlobFile, gives_back_every_size_of_prose_and_noise) {
  MemoryFiles files;
  for (std::size_t size : sizes_around_all_boundaries()) {
    for (const std::string& raw : {noise(size), prose(size)}) {
      Blob blob = blob_of(TypeTag::bytes, {raw}, {sha256("other")});
      ASSERT_EQ(blob.id, identity_of(TypeTag::bytes, raw)) << size;
      auto file = file_of(files, blob.bytes);
      auto opened = open_blob(*file, blob.id, checked);
      ASSERT_TRUE(opened->bytes() == raw) << size;
      verify_blob(*file, blob.id);
      BlobHeader header = read_blob_header(*file, blob.id);
      EXPECT_EQ(header.raw_size, size);
      EXPECT_EQ(header.refers_to, std::vector<Digest>{sha256("other")});
    }
  }
}

TEST(BlobFile, is_the_same_however_the_value_is_cut) {
  for (const std::string& raw : {noise(identity_chunk + 5000), prose(identity_chunk + 5000)}) {
    std::string_view view = raw;
    Blob whole = blob_of(TypeTag::tensor, {view});
    Blob cut = blob_of(TypeTag::tensor, {view.substr(0, 128), view.substr(128, 1), "", view.substr(129)});
    EXPECT_EQ(cut.id, whole.id);
    EXPECT_TRUE(cut.bytes == whole.bytes);
  }
}

TEST(BlobFile, compresses_only_what_pays) {
  EXPECT_LT(blob_of(TypeTag::text, {prose(1 << 20)}).bytes.size(), std::size_t{1} << 18);
  EXPECT_LT(blob_of(TypeTag::text, {prose(4096)}).bytes.size(), 4096u);
  EXPECT_GT(blob_of(TypeTag::text, {prose(4095)}).bytes.size(), 4095u);
  const std::string incompressible = noise(1 << 20);
  EXPECT_TRUE(blob_of(TypeTag::bytes, {incompressible}).bytes.ends_with(incompressible));
}

TEST(BlobFile, large_raw_payloads_begin_on_a_page_and_small_ones_close_by) {
  const std::string large = noise(4097), small = noise(4096);
  EXPECT_EQ(blob_of(TypeTag::tensor, {large}).bytes.substr(4096), large);
  EXPECT_EQ(blob_of(TypeTag::tensor, {small}).bytes.substr(128), small);
  BlobHeader long_table{TypeTag::tensor, BlobCodec::raw, 200 * identity_chunk, {}, std::vector<Digest>(200), {}};
  EXPECT_EQ(long_table.payload_offset(), 8192u);
}

TEST(BlobFile, never_compresses_what_is_read_in_part) {
  const std::string zeros(1 << 20, '\0');
  for (TypeTag type : {TypeTag::list, TypeTag::tensor, TypeTag::pack}) {
    EXPECT_TRUE(blob_of(type, {zeros}).bytes.ends_with(zeros));
  }
  EXPECT_LT(blob_of(TypeTag::map, {zeros}).bytes.size(), zeros.size() / 10);
}

TEST(BlobFile, decompressed_bytes_are_aligned_like_mapped_ones) {
  MemoryFiles files;
  Blob blob = blob_of(TypeTag::bytes, {prose(3 << 20)});
  auto opened = open_blob(*file_of(files, blob.bytes), blob.id, checked);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(opened->bytes().data()) % 4096, 0u);
}

/// Flips each bit of bytes [from, to) and expects `check` to refuse every result.
void expect_every_flip_found(const Blob& blob, std::size_t from, std::size_t to,
                             const std::function<void(File&)>& check) {
  MemoryFiles files;
  for (std::size_t bit = 8 * from; bit < 8 * to; ++bit) {
    std::string flipped = blob.bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
    Error e = error_from([&] { check(*file_of(files, flipped)); });
    bool in_version = bit / 8 == 8 || bit / 8 == 9;
    ASSERT_TRUE(e.code() == ErrorCode::corrupt || (in_version && e.code() == ErrorCode::newer_format))
        << "byte " << bit / 8 << " bit " << bit % 8 << ": " << e.what();
  }
}

TEST(BlobFile, every_flipped_bit_before_the_payload_is_found_at_open) {
  for (const Blob& blob : {blob_of(TypeTag::text, {"hello"}, {sha256("a"), sha256("b")}), blob_of(TypeTag::null, {}),
                           blob_of(TypeTag::text, {prose(5000)}, {sha256("a")})}) {
    std::size_t payload = blob_header_length(blob.bytes);
    expect_every_flip_found(blob, 0, payload, [&](File& file) { open_blob(file, blob.id, unchecked); });
    expect_every_flip_found(blob, 0, payload, [&](File& file) { read_blob_header(file, blob.id); });
  }
  Blob paged = blob_of(TypeTag::tensor, {noise(5000)});
  expect_every_flip_found(paged, 0, 200, [&](File& file) { open_blob(file, paged.id, unchecked); });
  expect_every_flip_found(paged, 4000, 4096, [&](File& file) { open_blob(file, paged.id, unchecked); });
}

TEST(BlobFile, every_flipped_bit_of_a_mapped_payload_is_found_when_it_is_checked) {
  Blob tensor = blob_of(TypeTag::tensor, {noise(5000)});
  expect_every_flip_found(tensor, 4096, tensor.bytes.size(), [&](File& file) { open_blob(file, tensor.id, checked); });
}

TEST(BlobFile, holds_the_value_it_was_made_of_and_no_other) {
  MemoryFiles files;
  for (const std::string& raw : {std::string(), std::string("x"), noise(5000), prose(3 << 20)}) {
    Blob blob = blob_of(TypeTag::bytes, {raw});
    auto file = file_of(files, blob.bytes);
    EXPECT_TRUE(holds(*file, blob.id, {raw}));
    EXPECT_TRUE(holds(
        *file, blob.id,
        {std::string_view(raw).substr(0, 1), std::string_view(raw).substr(std::min<std::size_t>(1, raw.size()))}));
    EXPECT_FALSE(holds(*file, blob.id, {raw, "y"}));
    if (raw.empty()) continue;
    EXPECT_FALSE(holds(*file, blob.id, {std::string_view(raw).substr(1)}));
  }
}

TEST(BlobFile, every_flipped_bit_of_small_and_compressed_payloads_is_found_at_open) {
  for (const Blob& blob : {blob_of(TypeTag::text, {"hello"}), blob_of(TypeTag::text, {prose(4096)})}) {
    MemoryFiles files;
    for (std::size_t bit = 8 * blob_header_length(blob.bytes); bit < 8 * blob.bytes.size(); ++bit) {
      std::string flipped = blob.bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
      auto file = file_of(files, flipped);
      Error e = error_from([&] {  // a frame has a few bits without a meaning; then the bytes are still right
        if (open_blob(*file, blob.id, checked)->bytes() == prose(4096)) throw Error(ErrorCode::corrupt, "");
      });
      ASSERT_EQ(e.code(), ErrorCode::corrupt) << "bit " << bit;
    }
  }
}

TEST(BlobFile, verify_names_the_chunk_that_has_changed) {
  MemoryFiles files;
  for (const std::string& raw : {noise(3 * identity_chunk + 10), prose(3 * identity_chunk + 10)}) {
    const Blob blob = blob_of(TypeTag::tensor, {raw});
    std::size_t payload = blob_header_length(blob.bytes), size = blob.bytes.size() - payload;
    std::string first = blob.bytes, last = blob.bytes;
    first[payload + 100] = static_cast<char>(first[payload + 100] ^ 4);
    last[payload + size - 1] = static_cast<char>(last[payload + size - 1] ^ 4);
    Error e = error_from([&] { verify_blob(*file_of(files, first), blob.id); });
    EXPECT_EQ(e.code(), ErrorCode::corrupt);
    EXPECT_EQ(e.context(), "chunk 0");
    e = error_from([&] { verify_blob(*file_of(files, last), blob.id); });
    EXPECT_EQ(e.code(), ErrorCode::corrupt);
    EXPECT_EQ(e.context(), "chunk 3");
  }
}

TEST(BlobFile, a_file_that_is_cut_or_longer_is_corrupt) {
  MemoryFiles files;
  for (const Blob& blob : {blob_of(TypeTag::text, {"hello"}), blob_of(TypeTag::bytes, {noise(9000)}),
                           blob_of(TypeTag::text, {prose(9000)})}) {
    for (std::size_t size = 0; size < blob.bytes.size(); size += size < 300 ? 1 : 97) {
      std::string cut = blob.bytes.substr(0, size);
      ASSERT_EQ(error_from([&] { open_blob(*file_of(files, cut), blob.id, unchecked); }).code(), ErrorCode::corrupt)
          << size;
      ASSERT_EQ(error_from([&] { read_blob_header(*file_of(files, cut), blob.id); }).code(), ErrorCode::corrupt);
    }
    ASSERT_EQ(error_from([&] { open_blob(*file_of(files, blob.bytes + "x"), blob.id, unchecked); }).code(),
              ErrorCode::corrupt);
  }
}

TEST(BlobFile, another_blob_under_its_name_is_corrupt) {
  MemoryFiles files;
  Blob blob = blob_of(TypeTag::text, {"hello"});
  auto file = file_of(files, blob.bytes);
  EXPECT_EQ(error_from([&] { open_blob(*file, identity_of(TypeTag::text, "hallo"), unchecked); }).code(),
            ErrorCode::corrupt);
  EXPECT_EQ(error_from([&] { open_blob(*file, identity_of(TypeTag::bytes, "hello"), unchecked); }).code(),
            ErrorCode::corrupt);
}

TEST(BlobHeader, survives_encoding) {
  BlobHeader header{TypeTag::pack, BlobCodec::zstd, 2 * identity_chunk + 1, {sha256("r")}, {}, {7, 8, 9}};
  header.chunks = {sha256("1"), sha256("2"), sha256("3")};
  std::string bytes = encode_blob_header(header);
  EXPECT_EQ(bytes.size(), header.payload_offset());
  EXPECT_EQ(blob_header_length(bytes), header.payload_offset());
  EXPECT_EQ(parse_blob_header(bytes), header);
  EXPECT_EQ(parse_blob_header(bytes + "payload"), header);
}

TEST(BlobHeader, of_a_newer_format_says_so) {
  std::string bytes = blob_of(TypeTag::text, {"hello"}).bytes;
  bytes[8] = 2;
  Error e = error_from([&] { parse_blob_header(bytes); });
  EXPECT_EQ(e.code(), ErrorCode::newer_format);
  EXPECT_EQ(e.hint(), "upgrade backlot");
}

}  // namespace
}  // namespace backlot
