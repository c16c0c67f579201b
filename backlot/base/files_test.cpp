// What every Files promises, asked of the real file system and of the one in memory.
#include "backlot/base/files.h"
#include "backlot/base/test_errors.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>

#include "backlot/base/error.h"
#include "backlot/base/system_files.h"
#include "backlot/base/test_memory_files.h"

namespace backlot {
namespace {

/// A folder of the real file system that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = testing::TempDir() + "files_test.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw_system_error("mkdtemp");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class FilesTest : public testing::TestWithParam<bool> {
 protected:
  FilesTest() {
    if (GetParam()) memory_.make_directories(at(""));
  }
  Files& files() { return GetParam() ? static_cast<Files&>(memory_) : system_files(); }
  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }
  std::string text_of(const std::string& name) { return files().open(at(name), OpenMode::read)->read(0, 1 << 20); }
  void make(const std::string& name, std::string_view text) {
    files().open(at(name), OpenMode::open_or_create)->write(0, text);
  }

 private:
  TemporaryFolder folder_;
  MemoryFiles memory_;
};
INSTANTIATE_TEST_SUITE_P(Both, FilesTest, testing::Bool(),
                         [](const auto& kind) { return kind.param ? "memory" : "system"; });

TEST_P(FilesTest, opens_as_asked) {
  EXPECT_EQ(code_from([&] { files().open(at("a"), OpenMode::read); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { files().open(at("a"), OpenMode::write); }), ErrorCode::not_found);
  files().open(at("a"), OpenMode::create_new)->write(0, "one");
  EXPECT_EQ(code_from([&] { files().open(at("a"), OpenMode::create_new); }), ErrorCode::exists);
  files().open(at("a"), OpenMode::open_or_create)->write(3, "two");
  EXPECT_EQ(text_of("a"), "onetwo");
  EXPECT_EQ(code_from([&] { files().open(at("a"), OpenMode::read)->write(0, "x"); }), ErrorCode::io);
  EXPECT_EQ(code_from([&] { files().open(at("no/a"), OpenMode::create_new); }), ErrorCode::not_found);
}

TEST_P(FilesTest, reads_and_writes_anywhere) {
  auto file = files().open(at("a"), OpenMode::create_new);
  file->write(5, "xyz");
  EXPECT_EQ(file->read(0, 100), std::string("\0\0\0\0\0xyz", 8));
  EXPECT_EQ(file->read(6, 1), "y");
  EXPECT_EQ(file->read(8, 1), "");
  EXPECT_EQ(file->read(1000, 1), "");
  file->truncate(6);
  file->truncate(7);
  EXPECT_EQ(file->size(), 7u);
  EXPECT_EQ(file->read(5, 100), std::string("x\0", 2));
  file->write(3, "");
  EXPECT_EQ(file->size(), 7u);
}

TEST_P(FilesTest, maps_the_file) {
  auto file = files().open(at("a"), OpenMode::create_new);
  EXPECT_EQ(file->map()->bytes(), "");
  file->write(0, "hello");
  auto mapping = file->map();
  file.reset();
  files().remove(at("a"));
  EXPECT_EQ(mapping->bytes(), "hello");
}

TEST_P(FilesTest, an_unnamed_file_is_seen_once_published) {
  auto file = files().create_unnamed(at(""));
  file->write(0, "bytes");
  file->sync();
  EXPECT_EQ(files().list(at("")).size(), 0u);
  EXPECT_TRUE(files().publish(*file, at("name")));
  EXPECT_EQ(text_of("name"), "bytes");
  EXPECT_EQ(file->path(), at("name"));
  EXPECT_EQ(files().list(at("")), std::vector<std::string>{"name"});
}

TEST_P(FilesTest, publish_never_replaces) {
  make("name", "old");
  auto file = files().create_unnamed(at(""));
  file->write(0, "new");
  EXPECT_FALSE(files().publish(*file, at("name")));
  EXPECT_EQ(text_of("name"), "old");
  EXPECT_TRUE(files().publish(*file, at("other")));
  EXPECT_EQ(text_of("other"), "new");
}

TEST_P(FilesTest, an_unpublished_file_leaves_nothing) {
  files().create_unnamed(at(""))->write(0, "bytes");
  EXPECT_TRUE(files().list(at("")).empty());
  EXPECT_EQ(code_from([&] { files().create_unnamed(at("no")); }), ErrorCode::not_found);
}

TEST_P(FilesTest, renames_over_what_is_there) {
  make("a", "A");
  make("b", "B");
  files().rename(at("a"), at("b"));
  EXPECT_EQ(text_of("b"), "A");
  EXPECT_EQ(files().info(at("a")), std::nullopt);
  EXPECT_EQ(code_from([&] { files().rename(at("a"), at("c")); }), ErrorCode::not_found);
}

TEST_P(FilesTest, renames_directories_with_what_is_in_them) {
  files().make_directories(at("d/e"));
  make("d/e/f", "text");
  files().rename(at("d"), at("g"));
  EXPECT_EQ(text_of("g/e/f"), "text");
  EXPECT_EQ(code_from([&] { files().rename(at("g"), at("g/e/h")); }), ErrorCode::io);
}

TEST_P(FilesTest, removes) {
  make("a", "A");
  EXPECT_TRUE(files().remove(at("a")));
  EXPECT_FALSE(files().remove(at("a")));
  EXPECT_FALSE(files().remove(at("no/a")));
  files().make_directories(at("d/e"));
  EXPECT_EQ(code_from([&] { files().remove_directory(at("d")); }), ErrorCode::io);
  files().remove_directory(at("d/e"));
  files().remove_directory(at("d"));
  EXPECT_EQ(files().info(at("d")), std::nullopt);
}

TEST_P(FilesTest, makes_directories) {
  files().make_directories(at("a/b/c"));
  files().make_directories(at("a/b/c"));
  files().make_directories(at("a/b/d"));
  EXPECT_TRUE(files().info(at("a/b/c"))->is_directory);
  EXPECT_EQ(files().list(at("a/b")), (std::vector<std::string>{"c", "d"}));
  make("file", "");
  EXPECT_EQ(code_from([&] { files().make_directories(at("file")); }), ErrorCode::io);
  EXPECT_EQ(code_from([&] { files().make_directories(at("file/x")); }), ErrorCode::io);
}

TEST_P(FilesTest, tells_size_and_time) {
  Micros before = system_clock().now() - 100'000;  // file systems keep a coarser time
  make("a", "12345");
  FileInfo info = files().info(at("a")).value();
  EXPECT_EQ(info.size, 5u);
  EXPECT_FALSE(info.is_directory);
  EXPECT_GE(info.modified_us, before);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  files().touch(at("a"));
  EXPECT_GT(files().info(at("a"))->modified_us, info.modified_us);
  EXPECT_EQ(code_from([&] { files().touch(at("b")); }), ErrorCode::not_found);
  EXPECT_EQ(files().info(at("a/b")), std::nullopt);
}

TEST_P(FilesTest, lists_in_order) {
  for (const char* name : {"b", "a", ".c", "B"}) make(name, "");
  EXPECT_EQ(files().list(at("")), (std::vector<std::string>{".c", "B", "a", "b"}));
  EXPECT_TRUE(files().list(at("no")).empty());
}

TEST_P(FilesTest, a_lock_has_one_holder) {
  auto lock = files().try_lock(at("lock"));
  ASSERT_NE(lock, nullptr);
  EXPECT_EQ(files().try_lock(at("lock")), nullptr);
  EXPECT_NE(files().try_lock(at("other")), nullptr);
  lock.reset();
  EXPECT_NE(files().try_lock(at("lock")), nullptr);
}

TEST_P(FilesTest, syncs_directories) {
  files().sync_directory(at(""));
  EXPECT_EQ(code_from([&] { files().sync_directory(at("no")); }), ErrorCode::not_found);
}

TEST(SystemFiles, errors_name_the_path) {
  try {
    system_files().open("/nowhere/at/all", OpenMode::read);
    FAIL();
  } catch (const Error& e) { EXPECT_NE(std::string(e.what()).find("/nowhere/at/all"), std::string::npos); }
}

TEST(SystemFiles, locks_die_with_their_process) {
  TemporaryFolder folder;
  const std::string path = folder.path() + "/lock";
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  pid_t child = ::fork();
  if (child == 0) {
    auto lock = system_files().try_lock(path);
    char held = lock ? 'y' : 'n';
    if (::write(ready[1], &held, 1) == 1) ::pause();
    ::_exit(1);
  }
  char held = 0;
  ASSERT_EQ(::read(ready[0], &held, 1), 1);
  EXPECT_EQ(held, 'y');
  EXPECT_EQ(system_files().try_lock(path), nullptr);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_NE(system_files().try_lock(path), nullptr);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(SystemFiles, respects_the_umask) {
  TemporaryFolder folder;
  mode_t old = ::umask(027);
  auto named = system_files().open(folder.path() + "/a", OpenMode::create_new);
  auto unnamed = system_files().create_unnamed(folder.path());
  system_files().publish(*unnamed, folder.path() + "/b");
  auto hidden = create_hidden_file(folder.path());
  system_files().publish(*hidden, folder.path() + "/c");
  system_files().make_directories(folder.path() + "/d");
  ::umask(old);
  auto mode_of = [&](const char* name) {
    struct stat st;
    ::stat((folder.path() + name).c_str(), &st);
    return st.st_mode & 0777;
  };
  EXPECT_EQ(mode_of("/a"), 0640u);
  EXPECT_EQ(mode_of("/b"), 0640u);
  EXPECT_EQ(mode_of("/c"), 0640u);
  EXPECT_EQ(mode_of("/d"), 0750u);
}

TEST(SystemFiles, a_hidden_file_does_as_an_unnamed_one) {
  TemporaryFolder folder;
  {
    auto file = create_hidden_file(folder.path());
    file->write(0, "bytes");
    auto other = create_hidden_file(folder.path());
    EXPECT_EQ(system_files().list(folder.path()).size(), 2u);
    EXPECT_TRUE(system_files().publish(*file, folder.path() + "/name"));
    EXPECT_FALSE(system_files().publish(*other, folder.path() + "/name"));
  }
  EXPECT_EQ(system_files().list(folder.path()), std::vector<std::string>{"name"});
  EXPECT_EQ(system_files().open(folder.path() + "/name", OpenMode::read)->read(0, 10), "bytes");
}

TEST(SystemFiles, a_full_disk_is_no_space) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  auto full = system_files().open("/dev/full", OpenMode::write);
  EXPECT_EQ(code_from([&] { full->write(0, "x"); }), ErrorCode::no_space);
}

TEST(SystemFiles, after_a_failed_sync_a_file_is_unusable) {
  auto cannot_sync = system_files().open("/dev/null", OpenMode::write);
  EXPECT_EQ(code_from([&] { cannot_sync->sync(); }), ErrorCode::io);
  EXPECT_EQ(code_from([&] { cannot_sync->sync(); }), ErrorCode::io);
  EXPECT_EQ(code_from([&] { cannot_sync->write(0, "x"); }), ErrorCode::io);
  EXPECT_EQ(code_from([&] { cannot_sync->size(); }), ErrorCode::io);
}

}  // namespace
}  // namespace backlot
