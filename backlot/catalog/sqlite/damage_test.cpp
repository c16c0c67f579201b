// Files that are not what they should be: what opening says, and what check() finds.
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>

#include "backlot/catalog/sqlite/open.h"
#include "backlot/catalog/sqlite/schema.h"
#include "backlot/catalog/test_rows.h"
#include "backlot/sql/database.h"
#include "backlot/sql/test_raw_sqlite.h"

namespace backlot {
namespace {

class Damage : public testing::Test {
 protected:
  Damage() {
    auto catalog = open_sqlite_catalog(path_);
    Lease lease = catalog->create_run(test_run(), "a").second;
    Commit commit = test_commit_of(lease, 1, 20);
    commit.metadata = {{3, 0, "k", "v"}};
    commit.add_tags = {"t"};
    commit.cache = {{5, sha256("key")}};
    catalog->commit(commit);
    catalog->request({0, lease.run, "cancel", "", "ada", 5});
  }
  std::string opening_fails_with() {
    return text_from([&] { open_sqlite_catalog(path_); });
  }
  std::optional<ErrorCode> opening_code() {
    return code_from([&] { open_sqlite_catalog(path_); });
  }
  TestFolder folder_;
  std::string path_ = folder_.file();
};

TEST_F(Damage, a_newer_schema_is_left_alone) {
  raw_sql(path_, "PRAGMA user_version=" + std::to_string(catalog_schema().version() + 1));
  EXPECT_EQ(opening_code(), ErrorCode::newer_format);
  EXPECT_NE(opening_fails_with().find("newer backlot"), std::string::npos);
  EXPECT_NE(opening_fails_with().find("upgrade"), std::string::npos);
}

TEST_F(Damage, a_file_that_is_no_database_is_corrupt) {
  std::filesystem::remove(path_ + "-wal");
  std::ofstream(path_, std::ios::trunc) << std::string(8192, 'x');
  EXPECT_EQ(opening_code(), ErrorCode::corrupt);
  EXPECT_NE(opening_fails_with().find("backlot fsck"), std::string::npos);
}

TEST_F(Damage, a_database_of_somebody_else_is_refused) {
  std::string foreign = folder_.file("foreign");
  raw_sql(foreign, "CREATE TABLE x(y)");
  EXPECT_EQ(code_from([&] { open_sqlite_catalog(foreign); }), ErrorCode::invalid);
  EXPECT_EQ(raw_sql(foreign, "SELECT name FROM sqlite_schema"), "x\n") << "and left alone";
}

TEST_F(Damage, a_folder_is_no_catalog) {
  std::string folder = folder_.file("sub");
  std::filesystem::create_directory(folder);
  EXPECT_EQ(code_from([&] { open_sqlite_catalog(folder); }), ErrorCode::invalid);
}

TEST_F(Damage, a_path_with_strange_characters_is_only_a_path) {
  std::string strange = folder_.file("50% of #1? it's \"mine\" &mode=ro");
  std::string id = open_sqlite_catalog(strange)->id();
  EXPECT_TRUE(std::filesystem::exists(strange));
  EXPECT_EQ(open_sqlite_catalog(strange)->id(), id);
}

TEST_F(Damage, an_empty_file_becomes_a_catalog) {
  std::string empty = folder_.file("empty");
  std::ofstream(empty).close();
  EXPECT_EQ(open_sqlite_catalog(empty)->id().size(), 32u);
}

TEST_F(Damage, a_copy_made_by_sqlite_keeps_a_log_again) {
  std::string copy = folder_.file("copy");
  raw_sql(path_, "VACUUM INTO '" + copy + "'");
  ASSERT_EQ(raw_sql(copy, "PRAGMA journal_mode"), "delete\n");
  EXPECT_EQ(open_sqlite_catalog(copy)->run(RunKey{1})->tasks, 20);
  EXPECT_EQ(raw_sql(copy, "PRAGMA journal_mode"), "wal\n");
}

TEST_F(Damage, network_folders_are_known) {
  EXPECT_EQ(network_file_system(NFS_SUPER_MAGIC), "NFS");
  EXPECT_EQ(network_file_system(SMB2_SUPER_MAGIC), "SMB");
  EXPECT_FALSE(network_file_system(EXT4_SUPER_MAGIC));
  EXPECT_FALSE(network_file_system(TMPFS_MAGIC));
}

TEST_F(Damage, check_finds_nothing_in_a_sound_catalog) { EXPECT_TRUE(open_sqlite_catalog(path_)->check().empty()); }

struct Harm {
  const char* sql;
  const char* rule;
  const char* place;
};

TEST_F(Damage, check_finds_every_broken_rule) {
  constexpr Harm harms[] = {
      {"DELETE FROM definition", "catalog.dangling", "run 1"},
      {"DELETE FROM graph", "catalog.dangling", "run 1"},
      {"UPDATE task SET run=9 WHERE number=4", "catalog.dangling", "task 4 of run 9"},
      {"DELETE FROM task WHERE number=4", "catalog.dangling", "attempt 0 of run 1 task 4"},
      {"DELETE FROM task WHERE number=3", "catalog.dangling", "metadatum of run 1 task 3"},
      {"DELETE FROM task WHERE number=5", "catalog.dangling", "a cache key of run 1 task 5"},
      {"UPDATE task SET state=3 WHERE number=5", "catalog.cache", "run 1 task 5"},
      {"UPDATE tag SET run=9", "catalog.dangling", "a row of run 9"},
      {"UPDATE request SET run=9", "catalog.dangling", "a row of run 9"},
      {"DELETE FROM name WHERE text='compute'", "catalog.dangling", "name "},
      {"DELETE FROM attempt WHERE task=4", "catalog.attempt", "task 4 of run 1"},
      {"UPDATE attempt SET manifest=x'' WHERE task=4", "catalog.attempt", "task 4 of run 1"},
      {"UPDATE attempt SET manifest=x'ff00' WHERE task=4", "catalog.manifest", "run 1 task 4 attempt 0"},
      {"UPDATE definition SET parameters=x'ff00'", "catalog.manifest", "parameters of run 1"},
      {"UPDATE graph SET bytes=x'ff00'", "catalog.graph", "graph 1"},
      {"UPDATE run SET tasks=21", "catalog.counters", "run 1"},
      {"UPDATE run SET tasks_failed=1", "catalog.counters", "run 1"},
      {"UPDATE step SET done=19", "catalog.counters", "a step of run 1"},
      {"UPDATE step SET last_task=19", "catalog.counters", "a step of run 1"},
      {"UPDATE run SET events=19", "catalog.events", "run 1"},
      {"UPDATE task SET event=7 WHERE number=8", "catalog.events", "run 1"},
      {"UPDATE run SET state=1", "catalog.lease", "run 1"},
  };
  for (const Harm& harm : harms) {
    std::string copy = folder_.file("copy");
    raw_sql(path_, "VACUUM INTO '" + copy + "'");
    raw_sql(copy, harm.sql);
    auto found = open_sqlite_catalog(copy)->check();
    auto matches = [&](const Diagnostic& d) { return d.rule == harm.rule && d.place.starts_with(harm.place); };
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), matches)) << harm.sql;
    for (const Diagnostic& d : found) EXPECT_FALSE(d.message.empty() || d.fix.empty()) << harm.sql;
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(copy + suffix);
  }
}

TEST_F(Damage, flipped_pages_are_found_or_reported_as_corrupt) {
  raw_sql(path_, "PRAGMA wal_checkpoint(TRUNCATE)");
  const auto size = std::filesystem::file_size(path_);
  ASSERT_EQ(size % 4096, 0u);
  std::size_t noticed = 0;
  for (std::uintmax_t page = 1; page < size / 4096; ++page) {
    std::string copy = folder_.file("copy");
    std::filesystem::copy_file(path_, copy);
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(page * 4096));
    file << std::string(4096, '\xa5');
    file.close();
    try {
      noticed += !open_sqlite_catalog(copy)->check().empty();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::corrupt) << e.what();
      ++noticed;
    }
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(copy + suffix);
  }
  EXPECT_EQ(noticed, size / 4096 - 1);
}

/// Runs `action` in a process of a user who owns nothing; returns whether all went well.
template <class Action>
bool as_nobody(Action action) {
  pid_t child = ::fork();
  if (child == 0) {
    bool dropped = ::geteuid() != 0 || (::setgid(65534) == 0 && ::setuid(65534) == 0);
    try {
      ::_exit(dropped && action() ? 0 : 1);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s\n", e.what());
      ::_exit(2);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool can_be_read_but_not_written(const std::string& path) {
  auto catalog = open_sqlite_catalog(path);
  bool read = catalog->run(RunKey{1}).has_value() && catalog->tasks(RunKey{1}, "", 0, 100).size() == 20;
  bool refused = code_from([&] { catalog->set_note("a", "b"); }) == ErrorCode::permission;
  return read && refused;
}

TEST_F(Damage, a_folder_one_may_only_read_can_be_read) {
  std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  for (const char* name : {"catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "catalog.sqlite.lock"}) {
    ::chmod((folder / name).c_str(), 0444);
  }
  ::chmod(folder.c_str(), 0555);
  EXPECT_TRUE(as_nobody([&] { return can_be_read_but_not_written(path_); })) << "with its log and shared memory";
  ::chmod(folder.c_str(), 0755);
  raw_sql(path_, "PRAGMA wal_checkpoint(TRUNCATE)");
  std::filesystem::remove(path_ + "-wal");
  std::filesystem::remove(path_ + "-shm");
  ::chmod(folder.c_str(), 0555);
  EXPECT_TRUE(as_nobody([&] { return can_be_read_but_not_written(path_); })) << "without them, as on a CD";
  ::chmod(folder.c_str(), 0500);
  EXPECT_TRUE(::geteuid() != 0 || as_nobody([&] { return opening_code() == ErrorCode::permission; }));
  ::chmod(folder.c_str(), 0755);
}

}  // namespace
}  // namespace backlot
