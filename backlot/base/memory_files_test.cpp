#include "backlot/base/test_errors.h"
#include "backlot/base/test_memory_files.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <set>

#include "backlot/base/error.h"
#include "backlot/base/test_memory_disk.h"

namespace backlot {
namespace {

constexpr std::uint64_t seeds = 400;
using Operation = MemoryFiles::Operation;

std::string text_of(Files& files, const std::string& path) {
  return files.open(path, OpenMode::read)->read(0, 1 << 20);
}

/// Everything that `outcome` is after `history` and a crash, over many seeds.
std::set<std::string> outcomes(const std::function<void(MemoryFiles&)>& history,
                               const std::function<std::string(MemoryFiles&)>& outcome) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    MemoryFiles files;
    history(files);
    files.crash(seed);
    seen.insert(outcome(files));
  }
  return seen;
}

std::string names_at_root(MemoryFiles& files) {
  std::string names;
  for (const std::string& name : files.list("/")) names += name;
  return names;
}

using Texts = std::set<std::string>;

TEST(MemoryFilesCrash, keeps_what_was_synced) {
  EXPECT_EQ(outcomes(
                [](MemoryFiles& files) {
                  auto file = files.open("/a", OpenMode::create_new);
                  file->write(0, "text");
                  file->sync();
                  files.sync_directory("/");
                },
                [](MemoryFiles& files) { return names_at_root(files) + text_of(files, "/a"); }),
            Texts{"atext"});
}

TEST(MemoryFilesCrash, keeps_or_loses_names_one_by_one) {
  EXPECT_EQ(outcomes(
                [](MemoryFiles& files) {
                  files.open("/a", OpenMode::create_new);
                  files.open("/b", OpenMode::create_new);
                },
                names_at_root),
            (Texts{"", "a", "b", "ab"}));
}

TEST(MemoryFilesCrash, syncing_bytes_does_not_sync_the_name) {
  EXPECT_EQ(outcomes([](MemoryFiles& files) { files.open("/a", OpenMode::create_new)->sync(); }, names_at_root),
            (Texts{"", "a"}));
}

TEST(MemoryFilesCrash, syncing_the_name_does_not_sync_the_bytes) {
  EXPECT_EQ(outcomes(
                [](MemoryFiles& files) {
                  files.open("/a", OpenMode::create_new)->write(0, "x");
                  files.sync_directory("/");
                },
                [](MemoryFiles& files) { return text_of(files, "/a"); }),
            (Texts{"", std::string(1, '\0'), "x"}));
}

TEST(MemoryFilesCrash, a_rename_is_never_half_done) {
  auto history = [](MemoryFiles& files) {
    files.open("/a", OpenMode::create_new);
    files.sync_directory("/");
    files.rename("/a", "/b");
  };
  EXPECT_EQ(outcomes(history, names_at_root), (Texts{"a", "b"}));
}

TEST(MemoryFilesCrash, a_rename_rests_on_the_name_it_moves) {
  auto history = [](MemoryFiles& files) {
    files.make_directories("/d");
    files.sync_directory("/");
    files.open("/a", OpenMode::create_new);
    files.rename("/a", "/d/b");
    files.sync_directory("/d");
  };
  EXPECT_EQ(outcomes(history, [](MemoryFiles& f) { return names_at_root(f) + (f.info("/d/b") ? "b" : ""); }),
            Texts{"db"});
}

TEST(MemoryFilesCrash, a_removed_name_may_come_back_until_synced) {
  auto make = [](MemoryFiles& files) {
    files.open("/a", OpenMode::create_new);
    files.sync_directory("/");
    files.remove("/a");
  };
  EXPECT_EQ(outcomes(make, names_at_root), (Texts{"", "a"}));
  auto synced = [&](MemoryFiles& files) {
    make(files);
    files.sync_directory("/");
  };
  EXPECT_EQ(outcomes(synced, names_at_root), Texts{""});
}

TEST(MemoryFilesCrash, a_directory_goes_with_its_own_name) {
  auto history = [](MemoryFiles& files) {
    files.make_directories("/d");
    files.open("/d/a", OpenMode::create_new);
    files.sync_directory("/d");
  };
  EXPECT_EQ(outcomes(history, [](MemoryFiles& f) { return f.info("/d/a") ? "d/a" : names_at_root(f); }),
            (Texts{"", "d/a"}));
}

TEST(MemoryFilesCrash, an_unnamed_file_is_gone_and_a_published_one_is_a_name) {
  auto publish = [](MemoryFiles& files, bool sync) {
    auto file = files.create_unnamed("/");
    file->write(0, "x");
    file->sync();
    files.publish(*file, "/a");
    if (sync) files.sync_directory("/");
  };
  EXPECT_EQ(outcomes([](MemoryFiles& f) { f.create_unnamed("/"); }, names_at_root), Texts{""});
  EXPECT_EQ(outcomes([&](MemoryFiles& f) { publish(f, false); }, names_at_root), (Texts{"", "a"}));
  EXPECT_EQ(outcomes([&](MemoryFiles& f) { publish(f, true); }, [](MemoryFiles& f) { return text_of(f, "/a"); }),
            Texts{"x"});
}

TEST(MemoryFilesCrash, replays_from_its_seed) {
  auto run = [](std::uint64_t seed) {
    MemoryFiles files;
    auto file = files.open("/a", OpenMode::create_new);
    for (int i = 0; i < 20; ++i)
      file->write(static_cast<std::uint64_t>(i) * 700, std::string(900, static_cast<char>('a' + i)));
    for (int i = 0; i < 20; ++i) files.open("/" + std::to_string(i), OpenMode::create_new);
    files.crash(seed);
    return names_at_root(files) + (files.info("/a") ? text_of(files, "/a") : "");
  };
  std::set<std::string> different;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(run(seed), run(seed));
    different.insert(run(seed));
  }
  EXPECT_GT(different.size(), 15u);
}

TEST(MemoryFilesCrash, kills_what_was_open) {
  MemoryFiles files;
  auto file = files.open("/a", OpenMode::create_new);
  auto lock = files.try_lock("/lock");
  files.sync_directory("/");
  files.crash(1);
  EXPECT_EQ(code_from([&] { file->write(0, "x"); }), ErrorCode::io);
  EXPECT_EQ(code_from([&] { file->read(0, 1); }), ErrorCode::io);
  auto next = files.try_lock("/lock");
  EXPECT_NE(next, nullptr);
  lock.reset();
  EXPECT_EQ(files.try_lock("/lock"), nullptr) << "the lock of before the crash must not release the one after it";
}

TEST(MemoryFilesFaults, the_nth_write_fails_and_the_next_does_not) {
  MemoryFiles files;
  auto file = files.open("/a", OpenMode::create_new);
  files.fail(Operation::write, 2, ENOSPC);
  file->write(0, "one");
  EXPECT_EQ(code_from([&] { file->write(3, "two"); }), ErrorCode::no_space);
  file->write(3, "three");
  EXPECT_EQ(text_of(files, "/a"), "onethree");
  files.fail(Operation::name, 1, EACCES);
  EXPECT_EQ(code_from([&] { files.rename("/a", "/b"); }), ErrorCode::permission);
  EXPECT_EQ(names_at_root(files), "a");
}

TEST(MemoryFilesFaults, a_failed_sync_loses_bytes_for_good) {
  auto history = [](MemoryFiles& files) {
    auto file = files.open("/a", OpenMode::create_new);
    files.sync_directory("/");
    file->write(0, "x");
    files.fail(Operation::sync, 1, EIO);
    EXPECT_EQ(code_from([&] { file->sync(); }), ErrorCode::io);
    EXPECT_EQ(code_from([&] { file->sync(); }), ErrorCode::io);
    EXPECT_EQ(text_of(files, "/a"), "x");
    files.open("/a", OpenMode::write)->sync();  // reports success, as Linux does
  };
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {  // which bytes are lost depends on how many syncs there were before
    MemoryFiles one;
    for (int j = 0; j < i; ++j) one.sync_directory("/");
    history(one);
    one.crash(0);
    seen.insert(text_of(one, "/a"));
  }
  EXPECT_TRUE(seen.contains("")) << "a sync after a failed one must not repair it";
}

TEST(MemoryFilesFaults, a_lying_disk_makes_nothing_durable) {
  auto history = [](MemoryFiles& files) {
    files.drop_syncs(true);
    auto file = files.open("/a", OpenMode::create_new);
    file->write(0, "x");
    file->sync();
    files.sync_directory("/");
  };
  EXPECT_TRUE(outcomes(history, names_at_root).contains(""));
}

TEST(MemoryFilesFaults, power_goes_off_after_so_many_operations) {
  MemoryFiles files;
  auto file = files.open("/a", OpenMode::create_new);
  files.sync_directory("/");
  EXPECT_EQ(files.operations(), 2u);
  files.power_off_after(2);
  file->write(0, "one");
  file->sync();
  EXPECT_EQ(code_from([&] { file->write(3, "two"); }), ErrorCode::io);
  EXPECT_EQ(code_from([&] { files.info("/a"); }), ErrorCode::io);
  files.crash(3);
  EXPECT_EQ(text_of(files, "/a"), "one");
}

TEST(MemoryDisk, tears_at_sectors_and_nowhere_else) {
  const std::string before(2000, 'a'), after(1500, 'b');
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    MemoryDisk disk;
    disk.write(0, before);
    disk.sync();
    disk.write(100, after);
    disk.crash(seed);
    ASSERT_EQ(disk.bytes().size(), before.size());
    std::string sectors;
    for (std::size_t s = 0; s < 4; ++s) {
      std::string got = disk.bytes().substr(s * 512, 512), kept = before.substr(s * 512, 512);
      std::string written = std::string(before).replace(100, after.size(), after).substr(s * 512, 512);
      ASSERT_TRUE(got == kept || got == written) << "sector " << s << " is torn inside";
      sectors += got == kept && kept != written ? 'k' : 'w';
    }
    seen.insert(sectors);
  }
  EXPECT_EQ(seen.size(), 16u) << "every combination of the four sectors";
}

TEST(MemoryDisk, a_sector_is_as_it_was_at_some_moment) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    MemoryDisk disk;
    disk.write(0, "....");
    disk.sync();
    disk.write(0, "1");
    disk.write(1, "2");
    disk.write(0, "3");
    disk.crash(seed);
    seen.insert(disk.bytes());
  }
  EXPECT_EQ(seen, (Texts{"....", "1...", "12..", "32.."}));
}

TEST(MemoryDisk, a_truncation_is_never_undone_in_part) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    MemoryDisk disk;
    disk.write(0, "old");
    disk.sync();
    disk.truncate(0);
    disk.write(0, "ab");
    disk.crash(seed);
    seen.insert(disk.bytes());
  }
  EXPECT_EQ(seen, (Texts{"old", "", std::string(2, '\0'), "ab"}));
}

TEST(MemoryDisk, a_snapshot_does_not_change) {
  MemoryDisk disk;
  disk.write(0, "one");
  auto snapshot = disk.snapshot();
  disk.write(0, "two");
  EXPECT_EQ(*snapshot, "one");
  EXPECT_EQ(disk.bytes(), "two");
}

}  // namespace
}  // namespace backlot
