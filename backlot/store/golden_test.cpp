// Blob files of released versions stay readable, and what we write today is what docs/formats/blob.md says.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "backlot/base/test_memory_files.h"
#include "backlot/store/blob_file.h"
#include "backlot/store/test_values.h"

namespace backlot {
namespace {

struct Golden {
  std::string name;
  TypeTag type;
  std::string raw;
  std::vector<Digest> refers_to;
  const char* id;
};

std::vector<Golden> goldens() {
  return {
      {"v1_empty", TypeTag::null, "", {}, "3e7077fd2f66d689e0cee6a7cf5b37bf2dca7c979af356d0a31cbc5c85605c7d"},
      {"v1_small_with_references",
       TypeTag::folder,
       "two files",
       {sha256("one"), sha256("two")},
       "1764424b398cc580de0e5b76e61f3e9e23d997737540367960ecc52d21ca5f42"},
      {"v1_raw_on_a_page",
       TypeTag::tensor,
       noise(5000),
       {},
       "ac8dd776968e484a387b3323439a3b7916d3055fdfb08f6d1b615123aa41232a"},
      {"v1_zstd_of_two_chunks",
       TypeTag::text,
       prose(identity_chunk + 100),
       {sha256("one")},
       "d9717060f37af1c647b65674459f1f3c14c90e6cceb62deab7413cfec158db97"},
  };
}

std::string path_of(const Golden& golden) { return std::string(BACKLOT_GOLDEN) + "/blob/" + golden.name + ".blob"; }

std::string written_today(const Golden& golden) {
  MemoryFiles files;
  auto file = files.open("/blob", OpenMode::create_new);
  write_blob(*file, describe_blob(golden.type, {golden.raw}, golden.refers_to), {golden.raw});
  return file->read(0, file->size());
}

TEST(Golden, blobs_of_every_version_are_readable) {
  for (const Golden& golden : goldens()) {
    SCOPED_TRACE(golden.name);
    auto file = system_files().open(path_of(golden), OpenMode::read);
    const Digest id = identity_of(golden.type, golden.raw);
    EXPECT_EQ(id.hex(), golden.id);
    EXPECT_TRUE(open_blob(*file, id, [] { return true; })->bytes() == golden.raw);
    verify_blob(*file, id);
    BlobHeader header = read_blob_header(*file, id);
    EXPECT_EQ(header.type, golden.type);
    EXPECT_EQ(header.refers_to, golden.refers_to);
  }
}

TEST(Golden, blobs_are_written_as_ever) {
  for (const Golden& golden : goldens()) {
    auto file = system_files().open(path_of(golden), OpenMode::read);
    if (read_blob_header(*file, identity_of(golden.type, golden.raw)).codec == BlobCodec::zstd)
      continue;  // zstd's choice
    EXPECT_TRUE(file->read(0, file->size()) == written_today(golden)) << golden.name;
  }
}

/// Run once for a new version: --gtest_also_run_disabled_tests --gtest_filter=Golden.DISABLED_make
TEST(Golden, DISABLED_make) {
  for (const Golden& golden : goldens()) {
    std::ofstream(path_of(golden), std::ios::binary) << written_today(golden);
    std::puts((golden.name + " " + identity_of(golden.type, golden.raw).hex()).c_str());
  }
}

}  // namespace
}  // namespace backlot
