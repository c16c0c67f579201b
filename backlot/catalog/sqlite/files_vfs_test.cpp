// The catalog on a disk in memory that fills up, fails and loses power.
#include "backlot/sql/files_vfs.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <random>

#include "backlot/base/test_memory_files.h"
#include "backlot/catalog/sqlite/open.h"
#include "backlot/catalog/sqlite/test_power_cut.h"
#include "backlot/catalog/test_rows.h"

namespace backlot {
namespace {

class MemoryDisk : public testing::Test {
 protected:
  std::unique_ptr<Catalog> open() { return open_sqlite_catalog("/home/catalog", vfs_.name()); }
  MemoryFiles files_;
  FilesVfs vfs_{"memory", files_};
};

TEST_F(MemoryDisk, holds_a_catalog_for_several_connections) {
  auto writer = open(), reader = open();
  auto [run, lease] = writer->create_run(test_run(), "a");
  for (int i = 0; i < 200; ++i) {
    writer->commit(test_commit_of(lease, 1 + i * 100, 100));
    ASSERT_EQ(reader->run(run.key)->tasks_done, (i + 1) * 100);
  }
  EXPECT_TRUE(reader->check().empty());
  std::string id = writer->id();
  writer.reset(), reader.reset();
  EXPECT_EQ(open()->id(), id);
  EXPECT_EQ(open()->run(run.key)->tasks_done, 20'000);
  EXPECT_GT(files_.info("/home/catalog")->size, 500'000u) << "checkpoints move the log's pages into the database";
  EXPECT_LT(files_.info("/home/catalog-wal")->size, 8'000'000u);
}

TEST_F(MemoryDisk, that_is_full_refuses_a_commit_and_goes_on_when_it_is_not) {
  auto catalog = open();
  auto [run, lease] = catalog->create_run(test_run(), "a");
  Lease held = lease;
  files_.fail(MemoryFiles::Operation::write, 2, ENOSPC);
  EXPECT_EQ(code_from([&] { catalog->commit(test_commit_of(held, 1, 100)); }), ErrorCode::no_space);
  EXPECT_FALSE(catalog->task(run.key, 1));
  catalog->commit(test_commit_of(lease, 1, 100));
  EXPECT_EQ(catalog->run(run.key)->tasks, 100);
  EXPECT_TRUE(catalog->check().empty());
}

TEST_F(MemoryDisk, that_fails_to_sync_refuses_every_later_commit_of_the_connection) {
  auto catalog = open();
  Lease lease = catalog->create_run(test_run(), "a").second;
  files_.fail(MemoryFiles::Operation::sync, 1, EIO);
  EXPECT_EQ(code_from([&] { catalog->commit(test_commit_of(lease, 1, 10)); }), ErrorCode::io);
  EXPECT_EQ(code_from([&] { catalog->commit(test_commit_of(lease, 1, 10)); }), ErrorCode::io);
  auto again = open();
  again->commit(test_commit_of(lease, 1, 10));
  EXPECT_TRUE(again->check().empty());
}

/// Batches of three tasks each: complete or absent.
std::int64_t whole_batches(Catalog& catalog, RunKey run, const std::string& history) {
  std::int64_t tasks = catalog.run(run).value().tasks;
  EXPECT_EQ(tasks % 3, 0) << history;
  EXPECT_EQ(catalog.tasks(run, "", 0, 10'000).size(), static_cast<std::size_t>(tasks)) << history;
  for (const Diagnostic& d : catalog.check()) ADD_FAILURE() << history << ": " << d.place << ": " << d.message;
  return tasks / 3;
}

/// Commits until power fails; returns how many batches were acknowledged.
std::int64_t commit_until_dark(Catalog& catalog, const Lease& lease, std::int64_t batches) {
  try {
    for (int i = 0; i < 60; ++i, ++batches) {
      Commit commit = test_commit_of(lease, 1 + batches * 3, 3);
      commit.tasks[0].note.assign(static_cast<std::size_t>(i % 9) * 25'000, 'x');  // so that checkpoints fall due
      catalog.commit(commit);
    }
  } catch (const Error& e) { EXPECT_EQ(e.code(), ErrorCode::io) << e.what(); }
  return batches;
}

TEST(Crash, loses_no_acknowledged_commit_and_tears_none) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    std::mt19937_64 random(seed);
    MemoryFiles files;
    FilesVfs vfs("crashing", files);
    auto open = [&] { return open_sqlite_catalog("/home/catalog", vfs.name()); };
    RunKey run = open()->create_run(test_run(), "a").first.key;
    std::int64_t acknowledged = 0;
    for (int life = 0; life < 5; ++life) {
      std::string history = "seed " + std::to_string(seed) + " life " + std::to_string(life);
      auto catalog = open();
      std::int64_t found = whole_batches(*catalog, run, history);
      ASSERT_GE(found, acknowledged) << history;
      ASSERT_LE(found, acknowledged + 1) << history << ": at most the commit in flight";
      Lease lease = catalog->take_lease(run, "life", life);
      auto reader = life % 2 ? open() : nullptr;
      files.power_off_after(random() % (life % 2 ? 300 : 5000));
      acknowledged = commit_until_dark(*catalog, lease, found);
      files.crash(random());
      vfs.forget();
    }
  }
}

TEST(Crash, while_the_catalog_is_made_leaves_one_that_opens) {
  for (std::uint64_t operations = 0; operations < 60; ++operations) {
    MemoryFiles files;
    FilesVfs vfs("being made", files);
    open_until_dark(files, vfs, operations);
    auto catalog = open_sqlite_catalog("/home/catalog", vfs.name());
    EXPECT_EQ(catalog->id().size(), 32u);
    EXPECT_TRUE(catalog->check().empty()) << operations;
  }
}

TEST(Crash, on_a_disk_that_lies_is_seen_to_lose_commits) {
  // Shows that the tests above can fail: without syncs, acknowledged commits do go.
  std::int64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 20 && lost == 0; ++seed) {
    MemoryFiles files;
    FilesVfs vfs("lying", files);
    auto catalog = open_sqlite_catalog("/home/catalog", vfs.name());
    auto [run, lease] = catalog->create_run(test_run(), "a");
    files.drop_syncs(true);
    std::int64_t acknowledged = commit_until_dark(*catalog, lease, 0);
    files.crash(seed);
    vfs.forget();
    files.drop_syncs(false);
    try {
      auto row = open_sqlite_catalog("/home/catalog", vfs.name())->run(run.key);
      lost += acknowledged - (row ? row->tasks / 3 : 0);
    } catch (const Error&) { lost = acknowledged; }
  }
  EXPECT_GT(lost, 0);
}

}  // namespace
}  // namespace backlot
