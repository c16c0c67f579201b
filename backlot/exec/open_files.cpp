#include "backlot/exec/open_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "backlot/base/error.h"

namespace backlot {
namespace {

constexpr int first_descriptor = STDERR_FILENO + 1;

/// Calls `visit` with the number of each open descriptor beyond the standard ones.
template <class F>
bool each_descriptor(F visit) {
  DIR* folder = opendir("/proc/self/fd");
  if (!folder) return false;
  while (const dirent* entry = readdir(folder)) {
    const int fd = std::atoi(entry->d_name);
    if (fd >= first_descriptor && fd != dirfd(folder)) visit(fd);
  }
  closedir(folder);
  return true;
}

/// What was open when the program was loaded, before any of its own code ran: whoever started it gave that to it. It
/// has to be noted then, for later nothing tells a pipe of the shell from one that a global object of the program
/// opened.
struct Inherited {
  struct One {
    int fd;
    ino_t inode;
  };
  std::array<One, 128> all;
  std::size_t count;

  bool has(int fd, ino_t inode) const {
    return std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count),
                       [&](const One& one) { return one.fd == fd && one.inode == inode; });
  }
};
Inherited inherited;

[[gnu::constructor(101)]] void note_inherited() {
  each_descriptor([](int fd) {
    struct stat info {};
    if (inherited.count < inherited.all.size() && fstat(fd, &info) == 0)
      inherited.all[inherited.count++] = {fd, info.st_ino};
  });
}

std::string target_of(int fd) {
  std::array<char, 4096> path;
  const ssize_t size = readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path.data(), path.size());
  return {path.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

/// Opens what `fd` stands for once more. Negative when it cannot be.
int open_again(int fd, int flags) noexcept {
  std::array<char, 32> path;
  std::snprintf(path.data(), path.size(), "/proc/self/fd/%d", fd);
  return open(path.data(), (flags & ~O_NOFOLLOW) | O_CLOEXEC);
}

/// Databases keep locks and a state of their own in memory: a fork of an open one damages it.
bool is_database(int fd, int flags, mode_t mode, const std::string& path) {
  std::array<char, 32> head{};
  const ssize_t size = pread(fd, head.data(), head.size(), 0);
  const bool writes = (flags & O_ACCMODE) == O_RDWR;
  // SQLite opens what it writes with O_NOFOLLOW, and its file is empty until the first table. So do makers of temporary
  // files, which are nobody else's to read.
  if (size == 0) return writes && (flags & O_NOFOLLOW) != 0 && (mode & 0077) != 0;
  const std::string_view begin(head.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  if (begin.starts_with("SQLite format 3") || (begin.size() > 12 && begin.substr(8, 4) == "DUCK")) return true;
  return writes && (path.ends_with("/data.mdb") || path.ends_with("/lock.mdb"));  // LMDB
}

/// Memory that has a descriptor: it is mapped, so nobody uses its position.
bool is_memory(const std::string& path) { return path.starts_with("/memfd:") || path.starts_with("/dev/shm/"); }

/// Where a standard descriptor was closed, the next file that is opened takes its number, and would be lost in a task.
std::string file_in_a_standard_place() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    struct stat info {};
    const int descriptor_flags = fcntl(fd, F_GETFD);
    const bool is_programs = descriptor_flags >= 0 && (descriptor_flags & FD_CLOEXEC);  // a shell's are not
    if (is_programs && fstat(fd, &info) == 0 && !S_ISCHR(info.st_mode)) return target_of(fd);
  }
  return "";
}

}  // namespace

int first_high_descriptor() noexcept {
  constexpr int usual = 1000, room = 24;  // for the few that we have
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return std::max(first_descriptor, static_cast<int>(std::min<rlim_t>(limit.rlim_cur, usual)) - room);
}

OpenFiles OpenFiles::of_this_process() {
  OpenFiles files;
  if (std::string path = file_in_a_standard_place(); !path.empty())
    files.reason_ = path + " was opened where a standard stream was closed";
  if (!each_descriptor([&](int fd) { files.look_at(fd); })) throw_system_error("/proc/self/fd");
  return files;
}

void OpenFiles::look_at(int fd) {
  programs_.push_back(fd);
  struct stat info {};
  const int flags = fcntl(fd, F_GETFL), descriptor_flags = fcntl(fd, F_GETFD);
  if (flags < 0 || (flags & O_PATH) || fstat(fd, &info) != 0) return;
  const std::string path = target_of(fd);
  const bool is_strangers = !(descriptor_flags & FD_CLOEXEC) && inherited.has(fd, info.st_ino);
  has_own_ |= !is_strangers && !S_ISCHR(info.st_mode);
  const bool is_file = S_ISREG(info.st_mode), is_folder = S_ISDIR(info.st_mode);
  if (is_file && !is_memory(path) && is_database(fd, flags, info.st_mode, path)) {
    reason_ = "a database, " + path + ", was opened before the first task";
  } else if (is_folder || (is_file && ((flags & O_ACCMODE) == O_RDONLY || (flags & O_APPEND)))) {
    const int again = open_again(fd, flags);
    if (again < 0) {
      reason_ = path + " was opened before the first task and cannot be opened again";
      return;
    }
    close(again);
    reopened_.push_back({fd, flags, descriptor_flags});
  } else if (is_file) {
    if (!is_memory(path) && !is_strangers)
      notices_.push_back(path +
                         " was opened for writing before the first task: all tasks share its position and its locks. "
                         "Each goes on where another one stopped. Open it for appending, or inside of a step");
  } else if (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode)) {
    if (path.starts_with("/dev/nvidia")) reason_ = "the GPU was used before the first task";
  } else if (is_strangers) {
    strangers_.push_back(fd);
  } else if (S_ISSOCK(info.st_mode)) {
    reason_ = "a socket was opened before the first task";
  } else if (S_ISFIFO(info.st_mode)) {
    reason_ = "a pipe was opened before the first task";
  } else {
    reason_ = "an event queue was opened before the first task (" + path + ")";
  }
}

void OpenFiles::settle_in_server() {
  for (int fd : strangers_) close(fd);
  const bool listed = each_descriptor([&](int fd) {
    if (std::find(programs_.begin(), programs_.end(), fd) == programs_.end()) servers_.push_back(fd);
  });
  if (!listed) throw_system_error("/proc/self/fd");
}

bool OpenFiles::settle_in_task() const noexcept {
  for (int fd : servers_) close(fd);
  for (const Reopened& file : reopened_) {
    const int again = open_again(file.fd, file.flags);
    if (again < 0) return false;
    const off_t position = lseek(file.fd, 0, SEEK_CUR);
    if (position > 0) lseek(again, position, SEEK_SET);
    dup3(again, file.fd, (file.descriptor_flags & FD_CLOEXEC) ? O_CLOEXEC : 0);
    close(again);
  }
  return true;
}

}  // namespace backlot
