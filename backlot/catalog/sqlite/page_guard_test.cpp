// Pages that are not what was written are refused when they are read, in the database and in its log; and what the
// `sqlite3` program does to the file is told from damage.
#include "backlot/sql/page_guard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <optional>
#include <random>
#include <vector>

#include "backlot/catalog/sqlite/open.h"
#include "backlot/catalog/sqlite/salvage.h"
#include "backlot/catalog/test_rows.h"
#include "backlot/sql/test_raw_sqlite.h"

namespace backlot {
namespace {

constexpr std::streamoff page = 4096, log_header = 32, frame_header = 24;

class Pages : public testing::Test {
 protected:
  void fill(std::int64_t tasks = 40) {
    auto catalog = open_sqlite_catalog(path_);
    Lease lease = catalog->create_run(test_run(), "a").second;
    catalog->commit(test_commit_of(lease, 1, tasks));
    end_run(*catalog, lease);
  }
  void fill_three_runs() {
    auto catalog = open_sqlite_catalog(path_);
    for (int run = 0; run < 3; ++run) {
      Lease lease = catalog->create_run(test_run("Movies", 1000 + run), "a").second;
      catalog->commit(test_commit_of(lease, 1, 500));
      end_run(*catalog, lease);
    }
    catalog->settle(0);
  }
  /// Of a catalog that is these bytes, without a log; none: it could not be read at all.
  std::optional<Salvaged> salvaged_of(const std::string& bytes) {
    write(path_, bytes);
    std::filesystem::remove(path_ + "-wal");
    forget_memory();
    std::optional<Salvaged> saved;
    auto code = code_from([&] { saved = salvage_catalog(path_); });
    EXPECT_TRUE(!code || code == ErrorCode::corrupt);
    return saved;
  }
  std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
  void forget_memory() { std::filesystem::remove(path_ + "-shm"); }
  /// Reads all there is; the code of the error that it meets.
  std::optional<ErrorCode> read_all() {
    return code_from([&] {
      auto catalog = open_sqlite_catalog(path_);
      for (const RunRow& run : catalog->runs({})) {
        for (const TaskRow& task : catalog->tasks(run.key, "", 0, 10'000))
          rows_ += catalog->attempts(run.key, task.number).size();
      }
    });
  }
  std::size_t rows_ = 0;
  TestFolder folder_;
  std::string path_ = folder_.file();
};

TEST_F(Pages, all_have_a_checksum_once_they_are_in_the_database) {
  fill();
  std::string log = bytes_of(path_ + "-wal");
  EXPECT_GT(log.size(), 5u * page);
  open_sqlite_catalog(path_)->settle(0);
  EXPECT_EQ(std::filesystem::file_size(path_ + "-wal"), 0u);
  std::string database = bytes_of(path_);
  ASSERT_GT(database.size(), 20u * page);
  for (std::size_t at = 0; at < database.size(); at += page)
    EXPECT_EQ(state_of_page(reinterpret_cast<unsigned char*>(&database[at]), page), PageState::sound) << at / page;
}

TEST_F(Pages, a_flipped_bit_of_the_database_is_found_when_it_is_read) {
  fill();
  open_sqlite_catalog(path_)->settle(0);
  const std::string sound = bytes_of(path_);
  std::mt19937_64 random(7);
  for (int i = 0; i < 300; ++i) {
    std::string flipped = sound;
    std::size_t bit = random() % (8 * sound.size());
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
    write(path_, flipped);
    forget_memory();
    rows_ = 0;
    auto code = read_all();
    EXPECT_TRUE(code == ErrorCode::corrupt || code == ErrorCode::newer_format || code == ErrorCode::invalid ||
                (!code && rows_ == 40))
        << "bit " << bit;
    auto found = code ? std::vector<Diagnostic>{{}} : open_sqlite_catalog(path_)->check();
    EXPECT_FALSE(found.empty()) << "bit " << bit;
  }
}

TEST_F(Pages, a_flipped_bit_of_the_log_is_found_when_it_is_read) {
  fill();
  const std::string sound = bytes_of(path_ + "-wal");
  std::mt19937_64 random(8);
  auto reader = open_sqlite_catalog(path_);  // keeps the log's index: nobody recovers from the log as it is then
  reader->runs({});
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    std::string flipped = sound;
    std::size_t frame = random() % ((sound.size() - log_header) / (page + frame_header));
    std::size_t bit = 8 * (log_header + frame * (page + frame_header) + frame_header) + random() % (8 * page);
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
    std::fstream(path_ + "-wal", std::ios::in | std::ios::out | std::ios::binary) << flipped;
    rows_ = 0;
    auto code = read_all();
    EXPECT_TRUE(code == ErrorCode::corrupt || (!code && rows_ == 40)) << "bit " << bit;
    found += code == ErrorCode::corrupt;
  }
  EXPECT_GT(found, 20);
}

TEST_F(Pages, a_log_that_recovery_would_cut_short_is_refused) {
  fill();
  const std::string sound = bytes_of(path_ + "-wal");
  std::mt19937_64 random(9);
  for (int i = 0; i < 200; ++i) {
    std::string flipped = sound;
    std::size_t bit = random() % (8 * (i % 4 == 0 ? log_header : sound.size()));
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
    write(path_ + "-wal", flipped);
    forget_memory();  // as after the machine was started again
    EXPECT_EQ(read_all(), ErrorCode::corrupt) << "bit " << bit;
    EXPECT_NE(text_from([&] { open_sqlite_catalog(path_); }).find("-wal is damaged"), std::string::npos);
  }
  write(path_ + "-wal", sound);
  forget_memory();
  EXPECT_EQ(read_all(), std::nullopt);
}

TEST_F(Pages, sqlite3_may_read_and_move_pages) {
  fill();
  EXPECT_EQ(raw_sql(path_, "SELECT count(*) FROM task"), "40\n");
  raw_sql(path_, "PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_EQ(raw_sql(path_, "PRAGMA integrity_check"), "ok\n");
  EXPECT_EQ(read_all(), std::nullopt);
  EXPECT_EQ(rows_, 40u);
  EXPECT_TRUE(open_sqlite_catalog(path_)->check().empty());
}

TEST_F(Pages, that_another_program_changed_are_named) {
  fill();
  open_sqlite_catalog(path_)->settle(0);
  raw_sql(path_, "UPDATE task SET label='changed' WHERE number=3; PRAGMA wal_checkpoint(TRUNCATE)");
  forget_memory();
  EXPECT_EQ(read_all(), ErrorCode::corrupt);
  auto found = open_sqlite_catalog(path_)->check();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].rule, "catalog.page");
  EXPECT_NE(found[0].message.find("changed by another program"), std::string::npos);
  EXPECT_NE(text_from([&] { open_sqlite_catalog(path_)->tasks(RunKey{1}, "", 0, 100); }).find("page "),
            std::string::npos);
}

TEST_F(Pages, that_cannot_be_read_cost_their_rows_and_no_others) {
  fill_three_runs();
  const std::string sound = bytes_of(path_);
  const Salvaged whole = salvage_catalog(path_);
  EXPECT_EQ(whole.tasks, 1500);
  EXPECT_TRUE(whole.lost.empty());
  std::mt19937_64 random(11);
  int unreadable = 0;  // where the schema was hit
  for (int i = 0; i < 40; ++i) {
    std::string damaged = sound;
    for (int pages = 0; pages < 3; ++pages) damaged[page + random() % (sound.size() - page)] ^= 5;
    const std::optional<Salvaged> salvaged = salvaged_of(damaged);
    if (!salvaged) {
      ++unreadable;
      continue;
    }
    const Salvaged& saved = *salvaged;
    EXPECT_TRUE(open_sqlite_catalog(path_)->check().empty()) << i;
    EXPECT_EQ(read_all(), std::nullopt) << i;
    EXPECT_TRUE(!saved.lost.empty() || (saved.tasks == 1500 && saved.attempts == 1500)) << i;
    EXPECT_TRUE(std::filesystem::exists(saved.damaged));
    std::filesystem::remove(saved.damaged);
  }
  EXPECT_LT(unreadable, 8);
}

TEST_F(Pages, in_which_one_bit_was_flipped_are_salvaged_as_they_were) {
  fill_three_runs();
  const std::string sound = bytes_of(path_);
  std::mt19937_64 random(12);
  int mended = 0, refused = 0;
  constexpr int flips = 24;
  for (int i = 0; i < flips; ++i) {
    std::string damaged = sound;
    damaged[page + random() % (sound.size() - page)] ^= static_cast<char>(1 << random() % 8);
    const std::optional<Salvaged> salvaged = salvaged_of(damaged);
    if (!salvaged) {
      ++refused;
      continue;
    }
    const Salvaged& saved = *salvaged;
    std::filesystem::remove(saved.damaged);
    saved.mended_pages ? ++mended : ++refused;
    EXPECT_LE(saved.mended_pages, 1);
    auto catalog = open_sqlite_catalog(path_);
    EXPECT_TRUE(catalog->check().empty());
    EXPECT_TRUE(!saved.mended_pages || (saved.lost.empty() && saved.tasks == 1500 && saved.attempts == 1500)) << i;
    for (const RunRow& run : catalog->runs({})) {
      for (const TaskRow& task : catalog->tasks(run.key, "", 0, 1000)) {
        for (const AttemptRow& attempt : catalog->attempts(run.key, task.number))
          ASSERT_EQ(attempt.manifest, test_manifest(task.number)) << i;
      }
    }
  }
  EXPECT_GT(mended, flips / 2) << refused << " refused";
  EXPECT_GT(refused, 0) << "otherwise ambiguous bits were guessed";
}

TEST_F(Pages, of_a_transaction_that_does_not_fit_into_the_cache_are_whole) {
  {
    auto catalog = open_sqlite_catalog(path_);
    Lease lease = catalog->create_run(test_run(), "a").second;
    Commit commit = test_commit_of(lease, 1, 20'000);
    for (AttemptRow& attempt : commit.attempts) attempt.manifest += std::string(2000, 'm');
    catalog->commit(commit);
  }
  EXPECT_EQ(read_all(), std::nullopt);
  EXPECT_EQ(rows_, 10'000u);
}

}  // namespace
}  // namespace backlot
