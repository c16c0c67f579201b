// gc on a disk that is full to the last byte: a small file system of the test's own, in memory and on ext4.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "backlot/base/unique_fd.h"
#include "backlot/catalog/sqlite/open.h"
#include "backlot/client/test_home.h"
#include "backlot/store/local/local_store.h"
#include "backlot/store/test_values.h"
#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

namespace fs = std::filesystem;

class FullDisk : public testing::TestWithParam<const char*> {
 protected:
  static constexpr std::size_t mebibyte = 1 << 20;

  void SetUp() override {
    const std::string image = place.path() + "/image", size = "48m";
    fs::create_directory(disk());
    std::string script = "mount -t tmpfs -o size=" + size + " none " + disk();
    if (GetParam() == std::string("ext4"))
      script = "truncate -s " + size + " " + image + " && mkfs.ext4 -q -m 0 -b 4096 -N 4000 " + image +
               " && mount -o loop " + image + " " + disk();
    mounted = run({"/bin/sh", "-c", script}, place.path()).code == 0;
    if (!mounted) GTEST_SKIP() << "needs the right to mount a " << GetParam();
    fs::create_directory(home());
  }
  void TearDown() override {
    if (mounted) run({"/bin/sh", "-c", "umount " + disk()}, place.path());
  }

  std::string disk() const { return place.path() + "/disk"; }
  std::string home() const { return disk() + "/home"; }
  std::string ballast() const { return home() + "/catalog.ballast"; }

  std::uint64_t free_bytes() const {
    struct statvfs room {};
    statvfs(disk().c_str(), &room);
    return std::uint64_t{room.f_bavail} * room.f_frsize;
  }

  /// Runs with a mebibyte each, which are old, the first one lost; and the ballast.
  void write_runs(int count) {
    client::TestHome made(disk() + "/");
    for (int i = 0; i < count; ++i) {
      client::RunScript one(made);
      one.task("start", "[]", {made.value("x", Bytes::of(noise(mebibyte, ++values)))});
      if (i == 0)
        one.hold().reset();
      else
        one.end();
      made.clock.time += 1'000'000;
    }
    made.catalog().settle(INT64_MAX);
    fs::rename(made.home().root, home());
    make_old();
    ASSERT_EQ(gc().code, 0);
    ASSERT_EQ(fs::file_size(ballast()), 4 * mebibyte);
  }

  void write_garbage(int count, std::size_t size = mebibyte) {
    auto store = open_local_store(system_files(), system_clock(), home() + "/store");
    for (int i = 0; i < count; ++i) store->put(TypeTag::bytes, {noise(size, ++values)});
    make_old();
  }

  void make_old() const {
    for (auto& entry : fs::recursive_directory_iterator(home() + "/store/blobs"))
      if (entry.is_regular_file()) fs::last_write_time(entry, fs::file_time_type::clock::now() - std::chrono::hours(3));
  }

  void fill() const {
    UniqueFd file(open((disk() + "/filler").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644));
    for (std::size_t piece : {1 << 16, 1 << 10, 1}) {
      const std::string bytes(piece, 'f');
      while (::write(file.get(), bytes.data(), piece) > 0) continue;
      fsync(file.get());
    }
  }

  Ended gc(std::vector<std::string> words = {}) const {
    words.insert(words.begin(), {"backlot", "gc"});
    return backlot::e2e::run(words, home());
  }
  void expect_sound() const {
    Ended checked = run({"backlot", "fsck", "--verify"}, home());
    EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
  }

  std::size_t count_runs() const { return open_sqlite_catalog(home() + "/catalog.sqlite")->runs({}).size(); }

  TempFolder place;
  bool mounted = false;
  std::uint64_t values = 0;
};
INSTANTIATE_TEST_SUITE_P(OnA, FullDisk, testing::Values("tmpfs", "ext4"), [](auto& of) { return of.param; });

TEST_P(FullDisk, what_no_run_needs_goes_first_and_at_once) {
  write_runs(2);
  write_garbage(5);
  fs::remove(ballast());  // needed by nothing here
  fill();
  ASSERT_EQ(free_bytes(), 0u);
  Ended collected = gc();
  EXPECT_EQ(collected.code, 0) << collected.err;
  EXPECT_PRED2(contains, collected.out, "the disk is full");
  EXPECT_PRED2(contains, collected.out, "deleted from the trash: 5.0 MiB");
  EXPECT_TRUE(fs::exists(ballast())) << "a full disk may come again";
  EXPECT_EQ(count_runs(), 2u);
  expect_sound();
}

TEST_P(FullDisk, runs_are_removed_when_nothing_else_can_go) {
  write_runs(12);
  fill();
  ASSERT_EQ(free_bytes(), 0u);
  Ended collected = gc({"--keep-newest", "2"});
  EXPECT_EQ(collected.code, 0) << collected.err;
  EXPECT_PRED2(contains, collected.out, "removed 10 runs");
  EXPECT_GE(free_bytes(), 9 * mebibyte);
  EXPECT_EQ(fs::file_size(ballast()), 4 * mebibyte) << "made again";
  EXPECT_EQ(count_runs(), 2u);
  expect_sound();
}

TEST_P(FullDisk, the_catalog_is_opened_in_the_room_of_the_ballast) {
  write_runs(12);
  for (const char* suffix : {"-shm", "-wal", ".lock"}) fs::remove(home() + "/catalog.sqlite" + suffix);
  fill();
  EXPECT_NE(run({"backlot", "list"}, home()).code, 0) << "otherwise this test shows nothing";
  Ended collected = gc({"--keep-newest", "2"});
  EXPECT_EQ(collected.code, 0) << collected.err;
  EXPECT_EQ(count_runs(), 2u);
  EXPECT_TRUE(fs::exists(ballast()));
  expect_sound();
}

TEST_P(FullDisk, the_ballast_is_made_again_though_nothing_else_was_gained) {
  write_runs(2);
  fill();
  for (const char* suffix : {"-shm", "-wal"}) fs::remove(home() + "/catalog.sqlite" + suffix);
  fill();
  EXPECT_EQ(gc().code, 0);
  EXPECT_GE(fs::file_size(ballast()), mebibyte);
  expect_sound();
}

TEST_P(FullDisk, without_ballast_it_is_told_what_to_do) {
  write_runs(3);
  fs::remove(ballast());
  fill();
  Ended collected = gc({"--keep-newest", "1"});
  EXPECT_EQ(collected.code, 1);
  EXPECT_PRED2(contains, collected.err, "free a few MB elsewhere") << collected.err;
  fs::remove(disk() + "/filler");
  EXPECT_EQ(count_runs(), 3u);
  expect_sound();
}

TEST_P(FullDisk, a_run_that_is_too_large_for_the_ballast_stays_and_the_others_go) {
  write_runs(3);
  {
    auto catalog = open_sqlite_catalog(home() + "/catalog.sqlite");
    NewRun large;
    large.flow = "Large";
    large.user = current_user();
    large.now = 1;
    auto [row, lease] = catalog->create_run(large, "here/1/boot");
    Commit commit;
    commit.lease = lease;
    for (int i = 1; i <= 40'000; ++i) {
      TaskRow task;
      task.number = i;
      task.step = "body";
      task.path = IndexPath::parse("[" + std::to_string(i) + "]")->key();
      task.label = std::string(100, 'l');
      task.state = TaskState::cancelled;
      commit.tasks.push_back(task);
    }
    commit.run_state = RunState::done;
    catalog->commit(commit);
    catalog->settle(INT64_MAX);
  }
  fill();
  Ended collected = gc({"--keep-newest", "0"});
  EXPECT_EQ(collected.code, 1);
  EXPECT_PRED2(contains, collected.err, "free a few MB elsewhere") << collected.err;
  EXPECT_EQ(count_runs(), 1u);
  EXPECT_GE(fs::file_size(ballast()), 3 * mebibyte);
  expect_sound();
  fs::remove(disk() + "/filler");
  EXPECT_EQ(gc({"--keep-newest", "0"}).code, 0);
  EXPECT_EQ(count_runs(), 0u);
}

TEST_P(FullDisk, young_trash_goes) {
  write_runs(1);
  write_garbage(5);
  ASSERT_PRED2(contains, gc().out, "moved to the trash: 5 blobs");
  fill();
  Ended collected = gc();
  EXPECT_PRED2(contains, collected.out, "deleted from the trash: 5.0 MiB");
}

TEST_P(FullDisk, many_names_go_through_a_small_trash) {
  write_runs(1);
  write_garbage(200, 3000);
  fill();
  Ended collected = gc();
  EXPECT_EQ(collected.code, 0) << collected.err;
  EXPECT_PRED2(contains, collected.out, "moved to the trash: 200 blobs");
  EXPECT_TRUE(fs::is_empty(home() + "/store/trash"));
  expect_sound();
}

TEST_P(FullDisk, gc_may_be_killed_at_any_moment) {
  write_runs(20);
  int without_ballast = 0;
  for (int i = 0; i < 25; ++i) {
    fill();
    ChildProgram collection({"backlot", "gc", "--keep-newest", std::to_string(19 - i / 2)}, home());
    std::this_thread::sleep_for(std::chrono::milliseconds(3 * i));
    collection.signal(SIGKILL);
    collection.wait();
    without_ballast += !fs::exists(ballast());
    fs::remove(disk() + "/filler");
    ASSERT_EQ(gc().code, 0);
    ASSERT_EQ(fs::file_size(ballast()), 4 * mebibyte) << "made again by the next one";
    expect_sound();
  }
  RecordProperty("killed_without_ballast", without_ballast);
  fill();
  Ended collected = gc({"--keep-newest", "1"});
  EXPECT_EQ(collected.code, 0) << collected.err;
  EXPECT_EQ(count_runs(), 1u);
  expect_sound();
}

// The runs may fail: a program with sanitizers is larger than this disk.
TEST_P(FullDisk, the_next_run_makes_the_ballast_again) {
  run({"steady", "run", "-q"}, home());
  fs::remove(ballast());
  run({"steady", "run", "-q"}, home());
  EXPECT_EQ(fs::file_size(ballast()), 4 * mebibyte);
  fs::resize_file(ballast(), 4096);  // as one that was cut off
  run({"steady", "run", "-q"}, home());
  EXPECT_EQ(fs::file_size(ballast()), 4 * mebibyte);
  EXPECT_EQ(run({"backlot", "backup", place.path() + "/copy"}, home()).code, 0);
  EXPECT_FALSE(fs::exists(place.path() + "/copy/catalog.ballast"));
  expect_sound();
}

TEST_P(FullDisk, marks_of_checked_blobs_kill_nobody) {
  write_runs(1);
  auto use = [&] {
    auto checked = shared_checked_blobs(home() + "/store");
    for (int i = 0; i < 5000; ++i) checked->add(sha256(std::to_string(i)), {});
    EXPECT_TRUE(checked->contains(sha256("4999"), {}));
  };
  fill();
  use();  // there is no room for the table
  fs::remove(disk() + "/filler");
  shared_checked_blobs(home() + "/store")->add(sha256("one"), {});
  fill();
  use();
}

TEST_P(FullDisk, a_run_makes_no_ballast_where_room_is_scarce) {
  {
    UniqueFd file(open((disk() + "/filler").c_str(), O_WRONLY | O_CREAT, 0644));
    ASSERT_EQ(posix_fallocate(file.get(), 0, static_cast<off_t>(free_bytes() - 11 * mebibyte)), 0);
  }
  run({"steady", "run", "-q"}, home());
  EXPECT_TRUE(fs::exists(home() + "/catalog.sqlite"));
  EXPECT_FALSE(fs::exists(ballast()));
}

}  // namespace
}  // namespace backlot::e2e
