#include "backlot/value/saver.h"

#include <gtest/gtest.h>

#include <thread>

#include "backlot/base/test_errors.h"
#include "backlot/value/test_blobs.h"

namespace backlot {
namespace {

using Place = Reference::Place;

void finish(ValueSaver& saver, std::vector<Reference>& references) {
  std::vector<Reference*> all;
  for (Reference& r : references) all.push_back(&r);
  saver.finish(all);
}

TEST(Saver, a_thousand_small_values_are_one_blob) {
  MemoryBlobs blobs;
  ValueSaver saver(blobs);
  std::vector<std::string> values;
  std::vector<Reference> saved;
  for (std::size_t i = 0; i < 1000; ++i) {
    values.push_back(std::string(100 + i % 1000, static_cast<char>('a' + i % 20)) + std::to_string(i));
    saved.push_back(saver.save(TypeTag::text, values.back()));
  }
  finish(saver, saved);
  EXPECT_EQ(blobs.blobs.size(), 1u);
  EXPECT_EQ(blobs.blobs.begin()->second.type, TypeTag::pack);
  EXPECT_EQ(saved.front().place, Place::inlined);
  EXPECT_EQ(saved.back().place, Place::packed);

  ValueLoader loader(blobs);
  std::size_t inlined = 0;
  for (std::size_t i = 0; i < saved.size(); ++i) {
    EXPECT_EQ(loader.raw(saved[i]).bytes, values[i]);
    EXPECT_EQ(saved[i].identity(), identity_of(TypeTag::text, values[i]));
    EXPECT_EQ(saved[i].pack_offset % 8, 0u);
    inlined += saved[i].inline_bytes.size();
  }
  EXPECT_LE(inlined, inline_manifest_limit);
  EXPECT_EQ(blobs.opened, 1) << "the pack stays open";
}

TEST(Saver, size_decides_the_place) {
  MemoryBlobs blobs;
  ValueSaver saver(blobs);
  auto place = [&](std::size_t size) { return saver.save(TypeTag::bytes, std::string(size, 'x')).place; };
  EXPECT_EQ(place(0), Place::inlined);
  EXPECT_EQ(place(inline_value_limit), Place::inlined);
  EXPECT_EQ(place(inline_value_limit + 1), Place::packed);
  EXPECT_EQ(place(packed_value_limit), Place::packed);
  EXPECT_TRUE(blobs.blobs.empty());
  EXPECT_EQ(place(packed_value_limit + 1), Place::blob);
  EXPECT_EQ(blobs.blobs.size(), 1u);
}

TEST(Saver, the_same_value_is_packed_once) {
  MemoryBlobs blobs;
  ValueSaver saver(blobs);
  std::vector<Reference> saved;
  for (int i = 0; i < 100; ++i) saved.push_back(saver.save(TypeTag::text, std::string(1000, 'x')));
  saved.push_back(saver.save(TypeTag::bytes, std::string(1000, 'x')));
  finish(saver, saved);
  EXPECT_EQ(blobs.blobs.begin()->second.raw.size(), 2000u);
  EXPECT_EQ(saved[0], saved[99]);
  EXPECT_NE(saved[0].pack_offset, saved[100].pack_offset);
}

TEST(Saver, what_refers_to_blobs_is_in_a_blob_that_says_so) {
  MemoryBlobs blobs;
  ValueSaver saver(blobs);
  Digest needed = sha256("x"), other = sha256("y");
  std::vector<Reference> saved{saver.save(TypeTag::folder, std::vector<std::string_view>{"tiny"}, {needed, other}),
                               saver.save(TypeTag::folder, std::vector<std::string_view>{"tiny too"}, {needed})};
  std::string large(packed_value_limit + 1, 'z');
  saved.push_back(saver.save(TypeTag::folder, std::vector<std::string_view>{large}, {needed}));
  finish(saver, saved);
  EXPECT_EQ(saved[0].place, Place::packed);
  std::vector<Digest> both{needed, other};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(blobs.blobs.at(saved[0].pack).refers_to, both);
  EXPECT_EQ(blobs.blobs.at(saved[2].id).refers_to, std::vector<Digest>{needed});
}

TEST(Saver, nothing_to_pack_is_no_pack) {
  MemoryBlobs blobs;
  ValueSaver saver(blobs);
  saver.finish({});
  EXPECT_TRUE(blobs.blobs.empty());
}

TEST(Loader, a_reference_that_is_wrong_is_found) {
  MemoryBlobs blobs;
  Digest id = blobs.put(TypeTag::text, {"hello"}, {});
  ValueLoader loader(blobs);
  Reference r;
  r.id = r.pack = id;
  auto code = [&] { return code_from([&] { loader.raw(r); }); };
  r.place = Place::blob;
  r.size = 4;
  EXPECT_EQ(code(), ErrorCode::corrupt);
  r.place = Place::packed;
  EXPECT_EQ(code(), std::nullopt);
  r.pack_offset = 2;
  EXPECT_EQ(code(), ErrorCode::corrupt);
  r.pack_offset = UINT64_MAX - 1;
  EXPECT_EQ(code(), ErrorCode::corrupt);
  r.pack = sha256("no such blob");
  EXPECT_EQ(code(), ErrorCode::not_found);
}

TEST(Loader, what_is_read_outlives_reference_and_loader) {
  MemoryBlobs blobs;
  ValueLoader::Raw raw;
  {
    Reference r = Reference::inlined(TypeTag::text, "short");
    raw = ValueLoader(blobs).raw(r);
    r.inline_bytes = "other";
  }
  EXPECT_EQ(raw.bytes, "short");
}

TEST(Loader, serves_many_threads) {
  MemoryBlobs blobs;
  std::vector<Digest> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(blobs.put(TypeTag::text, {std::to_string(i)}, {}));
  ValueLoader loader(blobs);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 2000; ++i) {
        std::size_t k = (i * static_cast<std::size_t>(t + 3)) % ids.size();
        Reference r;
        r.place = Place::blob;
        r.id = ids[k];
        r.size = std::to_string(k).size();
        EXPECT_EQ(loader.raw(r).bytes, std::to_string(k));
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

}  // namespace
}  // namespace backlot
