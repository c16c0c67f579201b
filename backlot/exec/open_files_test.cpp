// Files that a program had opened before its first task, in forked and in fresh tasks.
#include "backlot/exec/open_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <numeric>

#include "backlot/base/unique_fd.h"
#include "backlot/exec/local_executor.h"

namespace backlot {
namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("open_files_test-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const char* name, const std::string& content = "") const {
    std::ofstream(path / name) << content;
    return path / name;
  }
};

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Done : public ExecutorEvents {
 public:
  void on_started(LaunchId, Micros, std::int64_t) override {}
  void on_output(LaunchId, Stream, std::string_view) override {}
  void on_label(LaunchId, std::string_view) override {}
  void on_progress(LaunchId, double, std::string_view) override {}
  void on_metadata(LaunchId, std::string_view, std::string_view) override {}
  void on_exit(LaunchId, Exit&& exit) override { manifests.push_back(exit.manifest.value_or("nothing: " + exit.lost)); }
  std::vector<std::string> manifests;
};

/// What `count` tasks at once give, each a fork of this process as it is now.
std::vector<std::string> in_tasks(int count, const std::function<std::string(std::string_view)>& work) {
  ForkServer server = spawn_fork_server([&](std::string_view frame, TaskReporter&) { return work(frame); });
  EventLoop loop;
  Done done;
  LocalExecutor executor(loop, std::move(server));
  executor.set_events(&done);
  for (int i = 0; i < count; ++i) {
    Launch launch;
    launch.id = LaunchId(i + 1);
    launch.frame = std::to_string(i);
    executor.launch(std::move(launch));
  }
  while (done.manifests.size() < static_cast<std::size_t>(count)) loop.run_once();
  return done.manifests;
}

std::string read_rest(int fd) {
  std::string all, part(100, '\0');
  for (ssize_t n; (n = read(fd, part.data(), part.size())) > 0;) all.append(part, 0, static_cast<std::size_t>(n));
  return all;
}

TEST(OpenFiles, each_task_reads_all_of_a_file_from_where_it_stood) {
  Folder folder;
  std::string text(100'000, '\0');
  std::iota(text.begin(), text.end(), 'a');
  UniqueFd fd(open(folder.file("read", text).c_str(), O_RDONLY | O_CLOEXEC));
  lseek(fd.get(), 17, SEEK_SET);
  for (const std::string& seen : in_tasks(16, [&](std::string_view) { return read_rest(fd.get()); }))
    EXPECT_TRUE(seen == text.substr(17));
  EXPECT_EQ(lseek(fd.get(), 0, SEEK_CUR), 17) << "the program's own position does not move";
}

TEST(OpenFiles, a_deleted_file_can_still_be_read) {
  Folder folder;
  const std::string path = folder.file("deleted", "still here");
  UniqueFd fd(open(path.c_str(), O_RDONLY));
  fs::remove(path);
  for (const std::string& seen : in_tasks(3, [&](std::string_view) { return read_rest(fd.get()); }))
    EXPECT_EQ(seen, "still here");
}

TEST(OpenFiles, all_lines_of_all_tasks_are_in_one_log) {
  for (int mode : {O_APPEND, 0}) {
    Folder folder;
    const std::string path = folder.file("log");
    UniqueFd fd(open(path.c_str(), O_WRONLY | mode));
    EXPECT_EQ(OpenFiles::of_this_process().notices().size(), mode == 0 ? 1 : 0);
    in_tasks(16, [&](std::string_view frame) {
      const std::string line = std::string(frame) + " writes a line\n";
      for (int i = 0; i < 1000; ++i)
        if (write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) return "failed";
      return "done";
    });
    const std::string written = content_of(path);
    EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 16'000);
    EXPECT_EQ(written.size(), 16 * 1000 * (std::string(" writes a line\n").size()) + 1000 * (10 + 6 * 2));
  }
}

TEST(OpenFiles, a_programs_files_keep_their_numbers) {
  Folder folder;
  UniqueFd fd(open(folder.file("kept", "kept").c_str(), O_RDONLY));
  dup2(fd.get(), 3);
  UniqueFd third(3);
  EXPECT_EQ(in_tasks(1, [](std::string_view) { return read_rest(3); })[0], "kept");
}

TEST(OpenFiles, what_forks_cannot_share_is_named) {
  Folder folder;
  auto reason = [] { return OpenFiles::of_this_process().reason_for_fresh(); };
  EXPECT_EQ(reason(), "");
  {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    UniqueFd in(ends[0]), out(ends[1]);
    EXPECT_EQ(reason(), "a pipe was opened before the first task");
  }
  {
    UniqueFd fd(socket(AF_UNIX, SOCK_STREAM, 0));
    EXPECT_EQ(reason(), "a socket was opened before the first task");
  }
  {
    UniqueFd fd(epoll_create1(0));
    EXPECT_EQ(reason(), "an event queue was opened before the first task (anon_inode:[eventpoll])");
  }
  {
    const std::string path = folder.file("data.db", "SQLite format 3 and so on");
    UniqueFd fd(open(path.c_str(), O_RDWR));
    EXPECT_EQ(reason(), "a database, " + path + ", was opened before the first task");
  }
  {
    UniqueFd fd(memfd_create("memory", 0));
    EXPECT_EQ(reason(), "");
    EXPECT_TRUE(OpenFiles::of_this_process().notices().empty());
  }
}

TEST(OpenFiles, descriptors_of_ours_lie_within_the_limit) {
  EXPECT_GT(first_high_descriptor(), 100);
  EXPECT_LE(first_high_descriptor(), 1000);
}

}  // namespace
}  // namespace backlot
