#include "backlot/sql/shared_locks.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace backlot {
namespace {

constexpr int take_shared = SQLITE_SHM_LOCK | SQLITE_SHM_SHARED, take = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE;
constexpr int drop_shared = SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED, drop = SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE;

struct SharedLocksTest : testing::Test {
  SharedLocks locks;
  SharedLocks::Holder a, b;
};

TEST_F(SharedLocksTest, one_writer_beside_readers) {
  EXPECT_EQ(locks.lock(a, SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(locks.lock(b, SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_FALSE(locks.reserved());
  EXPECT_EQ(locks.lock(a, SQLITE_LOCK_RESERVED), SQLITE_OK);
  EXPECT_TRUE(locks.reserved());
  EXPECT_EQ(locks.lock(b, SQLITE_LOCK_RESERVED), SQLITE_BUSY);
  EXPECT_EQ(locks.lock(a, SQLITE_LOCK_EXCLUSIVE), SQLITE_BUSY) << "b still reads";
  SharedLocks::Holder c;
  EXPECT_EQ(locks.lock(c, SQLITE_LOCK_SHARED), SQLITE_BUSY) << "a is pending: no new readers";
  locks.unlock(b, SQLITE_LOCK_NONE);
  EXPECT_EQ(locks.lock(a, SQLITE_LOCK_EXCLUSIVE), SQLITE_OK);
  EXPECT_EQ(locks.lock(b, SQLITE_LOCK_SHARED), SQLITE_BUSY);
  locks.unlock(a, SQLITE_LOCK_SHARED);
  EXPECT_EQ(locks.lock(b, SQLITE_LOCK_SHARED), SQLITE_OK);
  EXPECT_EQ(locks.lock(b, SQLITE_LOCK_RESERVED), SQLITE_OK);
}

TEST_F(SharedLocksTest, slots_are_shared_or_alone) {
  EXPECT_EQ(locks.lock_slots(a, 3, 1, take_shared), SQLITE_OK);
  EXPECT_EQ(locks.lock_slots(b, 3, 1, take_shared), SQLITE_OK);
  EXPECT_EQ(locks.lock_slots(a, 2, 3, take), SQLITE_BUSY) << "b shares slot 3";
  EXPECT_EQ(locks.lock_slots(b, 4, 1, take), SQLITE_OK) << "the refused one has taken no slot at all";
  EXPECT_EQ(locks.lock_slots(a, 4, 1, take_shared), SQLITE_BUSY);
  EXPECT_EQ(locks.lock_slots(b, 4, 1, drop), SQLITE_OK);
  EXPECT_EQ(locks.lock_slots(a, 4, 1, take_shared), SQLITE_OK);
  EXPECT_EQ(locks.lock_slots(b, 3, 1, drop_shared), SQLITE_OK);
  EXPECT_EQ(locks.lock_slots(b, 3, 1, take), SQLITE_BUSY) << "a still shares it";
}

TEST_F(SharedLocksTest, memory_lives_as_long_as_its_users) {
  EXPECT_EQ(locks.map(a, 1, 64, false), nullptr);
  auto* region = static_cast<volatile char*>(locks.map(a, 1, 64, true));
  EXPECT_EQ(region[63], 0);
  region[63] = 5;
  EXPECT_EQ(locks.map(b, 1, 64, false), region);
  EXPECT_NE(locks.map(b, 0, 64, false), nullptr);
  EXPECT_EQ(locks.lock_slots(a, 0, 1, take), SQLITE_OK);
  locks.unmap(a);
  EXPECT_EQ(locks.lock_slots(b, 0, 1, take), SQLITE_OK) << "its slots are free again";
  EXPECT_EQ(static_cast<volatile char*>(locks.map(b, 1, 64, false))[63], 5);
  locks.unmap(b);
  EXPECT_EQ(locks.map(a, 1, 64, false), nullptr);
}

}  // namespace
}  // namespace backlot
