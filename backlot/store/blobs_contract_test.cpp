// What every store does with values.
#include <algorithm>
#include <functional>
#include <thread>

#include "backlot/store/blob_file.h"
#include "backlot/store/test_store_contract.h"
#include "backlot/store/test_values.h"

namespace backlot {
namespace {

TEST_P(BlobsContract, give_back_what_was_put) {
  for (const std::string& raw : {std::string(), std::string("x"), noise(70'000), prose(3'000'000)}) {
    const Micros before = place_->now();
    Digest id = store_->put(TypeTag::bytes, {raw}, {sha256("r")});
    EXPECT_EQ(id, identity_of(TypeTag::bytes, raw)) << "whether it is compressed or not";
    EXPECT_TRUE(raw_of(*store_, id) == raw);
    EXPECT_TRUE(raw_of(*place_->open(), id) == raw);
    store_->verify(id);
    std::string pieces;
    store_->each_chunk(id, [&](std::string_view piece) { pieces += piece; });
    EXPECT_TRUE(pieces == raw);
    BlobInfo info = store_->info(id).value();
    EXPECT_EQ(info.id, id);
    EXPECT_EQ(info.type, TypeTag::bytes);
    EXPECT_EQ(info.raw_size, raw.size());
    EXPECT_GT(info.refreshed, before - second);
    EXPECT_EQ(info.refers_to, std::vector<Digest>{sha256("r")});
  }
  EXPECT_LT(store_->info(identity_of(TypeTag::bytes, prose(3'000'000)))->stored_size, 1'000'000u);
  EXPECT_EQ(all(*store_).size(), 4u);
  EXPECT_TRUE(std::ranges::is_sorted(all(*store_)));
}

TEST_P(BlobsContract, of_one_value_have_one_name_and_of_two_types_two) {
  const Digest id = store_->put(TypeTag::text, {"hello"});
  EXPECT_EQ(place_->open()->put(TypeTag::text, {"hel", "lo"}), id);
  EXPECT_EQ(all(*store_).size(), 1u);
  EXPECT_NE(store_->put(TypeTag::bytes, {"hello"}), id);
  EXPECT_EQ(all(*store_).size(), 2u);
}

TEST_P(BlobsContract, of_a_changed_value_are_those_of_the_whole_one) {
  std::string raw = noise(3 * identity_chunk + 5), changed = raw;
  Digest before = store_->put(TypeTag::tensor, {raw});
  changed[identity_chunk + 7] ^= 1;
  Digest after = store_->put_changed(TypeTag::tensor, {changed}, {before, {true, false, true, true}});
  EXPECT_EQ(after, identity_of(TypeTag::tensor, changed));
  store_->verify(after);
  EXPECT_TRUE(raw_of(*store_, after) == changed);
}

TEST_P(BlobsContract, of_what_is_no_change_of_another_are_hashed_whole) {
  std::string raw = noise(2 * identity_chunk), other = noise(identity_chunk);
  Digest before = store_->put(TypeTag::tensor, {raw});
  // Of another size, of another type, of a blob that is gone.
  EXPECT_EQ(store_->put_changed(TypeTag::tensor, {other}, {before, {true}}), identity_of(TypeTag::tensor, other));
  EXPECT_EQ(store_->put_changed(TypeTag::bytes, {raw}, {before, {true, true}}), identity_of(TypeTag::bytes, raw));
  EXPECT_EQ(store_->put_changed(TypeTag::tensor, {raw}, {sha256("gone"), {true, true}}), before);
}

TEST_P(BlobsContract, that_are_missing_are_not_found_with_a_hint) {
  const Digest id = sha256("nothing");
  for (const auto& action : std::vector<std::function<void()>>{[&] { store_->open(id); }, [&] { store_->verify(id); },
                                                               [&] { store_->sync_names({id}); }}) {
    Error e = error_from(action);
    EXPECT_EQ(e.code(), ErrorCode::not_found);
    EXPECT_NE(std::string(e.what()).find(id.hex()), std::string::npos);
    EXPECT_NE(e.hint().find("backlot fsck"), std::string::npos);
  }
  EXPECT_EQ(store_->info(id), std::nullopt);
  EXPECT_FALSE(store_->discard(id, INT64_MAX));
  EXPECT_FALSE(store_->restore(id));
  EXPECT_FALSE(store_->set_aside(id));
}

TEST_P(BlobsContract, that_are_damaged_are_corrupt_and_never_another_value) {
  for (const std::string& raw : {std::string("hello"), noise(3'000'000), prose(3'000'000)}) {
    const Digest id = store_->put(TypeTag::bytes, {raw});
    place_->damage(id);
    for (const auto& reads : std::vector<std::function<void(BlobStore&)>>{
             [&](BlobStore& s) { s.verify(id); }, [&](BlobStore& s) { s.each_chunk(id, [](std::string_view) {}); }}) {
      Error e = error_from([&] { reads(*place_->open()); });
      EXPECT_EQ(e.code(), ErrorCode::corrupt) << raw.size();
      EXPECT_NE(std::string(e.what()).find(id.hex()), std::string::npos);
    }
  }
}

TEST_P(BlobsContract, that_are_damaged_are_mended_by_whoever_puts_the_value_again) {
  for (const std::string& raw : {std::string("hello"), noise(50'000), prose(50'000)}) {
    const Digest id = store_->put(TypeTag::bytes, {raw});
    place_->damage(id);
    EXPECT_EQ(place_->open()->put(TypeTag::bytes, {raw}), id);
    EXPECT_TRUE(raw_of(*store_, id) == raw);
    store_->verify(id);
  }
}

TEST_P(BlobsContract, that_were_set_aside_are_missing_until_the_value_is_made_again) {
  const Digest id = store_->put(TypeTag::bytes, {noise(50'000)});
  place_->damage(id);
  EXPECT_TRUE(store_->set_aside(id));
  EXPECT_FALSE(store_->info(id));
  EXPECT_TRUE(all(*store_).empty());
  EXPECT_EQ(store_->put(TypeTag::bytes, {noise(50'000)}), id);
  store_->verify(id);
}

TEST_P(BlobsContract, of_the_same_values_may_be_put_by_many_at_once) {
  constexpr int writers = 4, values = 20;
  std::vector<std::string> failures(writers);
  {
    std::vector<std::jthread> threads;
    for (int w = 0; w < writers; ++w) {
      threads.emplace_back([&, w] {
        auto own = place_->open();
        const Error e = error_from([&] {
          for (int i = 0; i < values; ++i)
            own->sync_names(
                {own->put(TypeTag::bytes, {noise(static_cast<std::size_t>(100 + 3000 * ((i + w) % values)))})});
        });
        failures[static_cast<std::size_t>(w)] = e.message();
      });
    }
  }
  EXPECT_EQ(failures, std::vector<std::string>(writers, "nothing"));
  EXPECT_EQ(all(*store_).size(), static_cast<std::size_t>(values));
  for (const Digest& id : all(*store_)) store_->verify(id);
}

}  // namespace
}  // namespace backlot
