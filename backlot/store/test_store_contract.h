// What every store must do, whatever it is kept in: the suites of *_contract_test.cpp. An implementation runs them by
//   INSTANTIATE_TEST_SUITE_P(Mine, BlobsContract, testing::Values(my_place));  and so on for each suite.
// In short: a value has one name, by its type and bytes alone, and is stored once; what is read is what was put, or
// Error; a blob is durable once sync_names() returned, and at no moment half there; whoever asks for a blob takes it
// out of the trash; one that was put or hit a moment ago is not discarded.
#pragma once
#include <gtest/gtest.h>

#include <memory>

#include "backlot/store/store.h"

namespace backlot {

/// Where a store can be opened, by several at once, and again after power has failed.
class StorePlace {
 public:
  virtual ~StorePlace() = default;
  virtual std::unique_ptr<BlobStore> open() = 0;
  /// By the clock that blobs are refreshed by.
  virtual Micros now() = 0;
  /// That much later: all that is there is that much older.
  virtual void pass(Micros time) = 0;
  /// One bit of what is stored of a blob becomes another.
  virtual void damage(const Digest& id) = 0;

  // For BlobDurabilityContract alone.
  /// How many operations the medium has done.
  virtual std::uint64_t operations() { return 0; }
  /// After so many more all calls throw Error io until power comes back.
  virtual void power_off_after(std::uint64_t) { throw Error(ErrorCode::unsupported, "this place cannot lose power"); }
  /// Of what is not durable survives what the seed says; nobody has the store open.
  virtual void lose_power(std::uint64_t) { throw Error(ErrorCode::unsupported, "this place cannot lose power"); }
};
using MakeStorePlace = std::unique_ptr<StorePlace> (*)();

class StoreContract : public testing::TestWithParam<MakeStorePlace> {
 protected:
  static constexpr Micros second = 1'000'000, hour = 3600 * second;
  static std::string raw_of(BlobStore& store, const Digest& id) { return std::string(store.open(id)->bytes()); }
  static std::vector<Digest> all(BlobStore& store) {
    std::vector<Digest> ids;
    store.each([&](const Digest& id) { ids.push_back(id); });
    return ids;
  }

  std::unique_ptr<StorePlace> place_ = GetParam()();
  std::unique_ptr<BlobStore> store_ = place_->open();
};

/// Names, bytes, and what is damaged or missing.
class BlobsContract : public StoreContract {};

/// What is discarded, what is not, and what comes back.
class BlobTrashContract : public StoreContract {};

/// The same, in places that can lose power.
class BlobDurabilityContract : public StoreContract {};

}  // namespace backlot
