// What every store keeps when power fails.
#include <algorithm>
#include <set>

#include "backlot/store/blob_file.h"
#include "backlot/store/test_store_contract.h"
#include "backlot/store/test_values.h"

namespace backlot {
namespace {

// Values, what is done with them, and what the store owes after each sync_names.
struct History {
  inline static const std::vector<std::string> values = {"",          "small",       noise(3000),
                                                         noise(9000), prose(20'000), noise(1'060'000)};
  std::set<Digest> promised;

  void run(BlobStore& store) {
    std::vector<Digest> ids;
    for (const std::string& value : values) {
      ids.push_back(store.put(TypeTag::bytes, {value}));
      store.put(TypeTag::bytes, {value});
    }
    store.sync_names(ids);
    promised.insert(ids.begin(), ids.end());
    promised.erase(ids[1]);
    store.discard(ids[1], INT64_MAX);
    store.put(TypeTag::bytes, {values[1]});
    store.sync_names({ids[1]});
    promised.insert(ids[1]);
    promised.erase(ids[2]);
    store.discard(ids[2], INT64_MAX);
    store.open(ids[2]);
    promised.insert(ids[2]);
    promised.erase(ids[3]);
    store.discard(ids[3], INT64_MAX);
    store.empty_trash(INT64_MAX);
    store.put(TypeTag::bytes, {values[3]});
    store.sync_names({ids[3]});
    promised.insert(ids[3]);
  }

  /// Every promised blob has its name, and every blob with a name is exact.
  void check(BlobStore& store) const {
    for (const Digest& id : promised) ASSERT_TRUE(store.info(id)) << "a promised blob is gone";
    store.each([&](const Digest& id) {
      store.verify(id);
      auto is_it = [&](const std::string& v) { return identity_of(TypeTag::bytes, v) == id; };
      auto value = std::ranges::find_if(values, is_it);
      ASSERT_TRUE(value != values.end() && store.open(id)->bytes() == *value);
    });
  }
};

TEST_P(BlobDurabilityContract, survives_power_failure_at_any_moment) {
  const std::uint64_t before = place_->operations();
  History{}.run(*store_);
  const std::uint64_t moments = place_->operations() - before;
  ASSERT_GT(moments, 30u);
  for (std::uint64_t moment = 0; moment < moments; ++moment) {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      SCOPED_TRACE("moment " + std::to_string(moment) + ", seed " + std::to_string(seed));
      auto place = GetParam()();
      auto store = place->open();
      place->power_off_after(moment);
      History history;
      Error end = error_from([&] { history.run(*store); });
      ASSERT_NE(std::string(end.what()).find("power is off"), std::string::npos) << end.what();
      store.reset();
      place->lose_power(seed * 1000 + moment);
      history.check(*place->open());
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(BlobDurabilityContract, what_was_restored_stays_restored) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto place = GetParam()();
    auto store = place->open();
    const Digest id = store->put(TypeTag::text, {"hello"});
    store->sync_names({id});
    store->discard(id, INT64_MAX);
    store->restore(id);
    store.reset();
    place->lose_power(seed);
    EXPECT_EQ(all(*place->open()), std::vector<Digest>{id}) << seed;
  }
}

}  // namespace
}  // namespace backlot
