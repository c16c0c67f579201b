// What every store lets go, and what it keeps.
#include <algorithm>
#include <functional>

#include "backlot/store/test_store_contract.h"
#include "backlot/store/test_values.h"

namespace backlot {
namespace {

TEST_P(BlobTrashContract, an_existing_blob_is_refreshed_by_whoever_puts_it_again) {
  const Digest id = store_->put(TypeTag::text, {"hello"});
  place_->pass(hour);
  EXPECT_LT(store_->info(id)->refreshed, place_->now() - hour / 2);
  place_->open()->put(TypeTag::text, {"hello"});
  EXPECT_GT(store_->info(id)->refreshed, place_->now() - second);
}

TEST_P(BlobTrashContract, only_old_blobs_are_discarded) {
  const Digest id = store_->put(TypeTag::text, {"hello"});
  place_->pass(hour);
  EXPECT_FALSE(store_->discard(id, place_->now() - 2 * hour));
  EXPECT_TRUE(store_->discard(id, place_->now() - hour / 2));
  EXPECT_TRUE(all(*store_).empty());
  EXPECT_TRUE(store_->restore(id));
  EXPECT_EQ(raw_of(*store_, id), "hello");
}

TEST_P(BlobTrashContract, keeps_a_blob_from_the_day_it_came) {
  const Digest id = store_->put(TypeTag::text, {"hello"});
  const std::uint64_t size = store_->info(id)->stored_size;
  place_->pass(hour);
  ASSERT_TRUE(store_->discard(id, place_->now()));
  EXPECT_EQ(store_->empty_trash(place_->now() - second), 0u) << "it came just now, however old it is";
  place_->pass(hour);
  EXPECT_GE(store_->empty_trash(place_->now() - second), size);
  EXPECT_FALSE(store_->restore(id));
  EXPECT_EQ(error_from([&] { store_->open(id); }).code(), ErrorCode::not_found);
}

TEST_P(BlobTrashContract, whoever_needs_a_discarded_blob_takes_it_back) {
  const Digest id = store_->put(TypeTag::text, {"hello"});
  const std::vector<std::function<void()>> needs = {
      [&] { store_->open(id); }, [&] { store_->verify(id); }, [&] { store_->sync_names({id}); },
      [&] { store_->put(TypeTag::text, {"hello"}); }, [&] { EXPECT_TRUE(store_->info(id)); }};
  for (const auto& need : needs) {
    place_->pass(hour);
    ASSERT_TRUE(store_->discard(id, place_->now() - second));
    place_->pass(hour);
    need();
    EXPECT_EQ(all(*store_), std::vector<Digest>{id});
    EXPECT_FALSE(store_->discard(id, place_->now() - second)) << "it was needed just now";
  }
}

}  // namespace
}  // namespace backlot
