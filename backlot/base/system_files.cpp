#include "backlot/base/system_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "backlot/base/error.h"

namespace backlot {
namespace {

/// Calls until a signal does not interrupt.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

/// -1 and errno on failure. Modes are the widest; the umask of the process narrows them.
Descriptor open_descriptor(const std::string& path, int flags) {
  return Descriptor(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); }));
}

class SystemMapping : public Mapping {
 public:
  SystemMapping(int fd, std::size_t size, const std::string& path) {
    if (size == 0) return;  // mmap refuses empty ranges
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED) throw_system_error("map " + path);
    bytes_ = {static_cast<const char*>(at), size};
  }
  ~SystemMapping() override {
    if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
  }
  SystemMapping(const SystemMapping&) = delete;
  SystemMapping& operator=(const SystemMapping&) = delete;
};

class SystemFile : public File {
 public:
  SystemFile(Descriptor fd, std::string path, std::string hidden_name = {})
      : fd_(std::move(fd)), path_(std::move(path)), hidden_name_(std::move(hidden_name)) {}
  ~SystemFile() override { forget_hidden_name(); }

  const std::string& path() const override { return path_; }

  std::uint64_t size() override {
    check_usable();
    struct stat st;
    if (::fstat(fd_.get(), &st) != 0) throw_system_error("stat " + path_);
    return static_cast<std::uint64_t>(st.st_size);
  }

  FileStamp stamp() override {
    check_usable();
    struct stat st;
    if (::fstat(fd_.get(), &st) != 0) throw_system_error("stat " + path_);
    auto ns = [](const timespec& t) { return t.tv_sec * std::int64_t{1'000'000'000} + t.tv_nsec; };
    return {st.st_dev, st.st_ino, static_cast<std::uint64_t>(st.st_size), ns(st.st_mtim), ns(st.st_ctim)};
  }

  std::string read(std::uint64_t offset, std::size_t wanted) override {
    std::uint64_t end = size();
    if (offset >= end) return {};
    std::string bytes(std::min<std::uint64_t>(wanted, end - offset), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
      ssize_t n = uninterrupted([&] {
        return ::pread(fd_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
      });
      if (n < 0) throw_system_error("read " + path_);
      if (n == 0) break;  // cut by somebody else since size()
      done += static_cast<std::size_t>(n);
    }
    bytes.resize(done);
    return bytes;
  }

  void write(std::uint64_t offset, std::string_view bytes) override {
    check_usable();
    while (!bytes.empty()) {
      ssize_t n =
          uninterrupted([&] { return ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
      if (n < 0) throw_system_error("write " + path_);
      bytes.remove_prefix(static_cast<std::size_t>(n));
      offset += static_cast<std::uint64_t>(n);
    }
  }

  void truncate(std::uint64_t size) override {
    check_usable();
    if (uninterrupted([&] { return ::ftruncate(fd_.get(), static_cast<off_t>(size)); }) != 0) {
      throw_system_error("truncate " + path_);
    }
  }

  void sync() override {
    check_usable();
    if (uninterrupted([&] { return ::fdatasync(fd_.get()); }) == 0) return;
    sync_failed_ = true;
    throw_system_error("sync " + path_);
  }

  std::unique_ptr<Mapping> map() override {
    std::uint64_t bytes = size();
    return std::make_unique<SystemMapping>(fd_.get(), bytes, path_);
  }

  /// False when `path` is taken.
  bool link_to(const std::string& path) {
    check_usable();
    std::string source = hidden_name_.empty() ? "/proc/self/fd/" + std::to_string(fd_.get()) : hidden_name_;
    int flags = hidden_name_.empty() ? AT_SYMLINK_FOLLOW : 0;
    if (::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, path.c_str(), flags) != 0) {
      if (errno == EEXIST) return false;
      throw_system_error("publish " + path);
    }
    forget_hidden_name();
    path_ = path;
    return true;
  }

 private:
  void check_usable() const {
    // The kernel drops dirty pages after a failed sync, so what was written may be gone and a retry would lie.
    if (sync_failed_) throw Error(ErrorCode::io, path_ + " is unusable: an earlier sync of it failed");
  }
  void forget_hidden_name() {
    if (!hidden_name_.empty()) ::unlink(hidden_name_.c_str());
    hidden_name_.clear();
  }

  Descriptor fd_;
  std::string path_;
  std::string hidden_name_;  ///< empty when the file has no name at all, or its final one
  bool sync_failed_ = false;
};

class SystemLock : public FileLock {
 public:
  explicit SystemLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;  // closing it releases the lock
};

FileInfo info_of(const struct stat& st) {
  return {static_cast<std::uint64_t>(st.st_size),
          st.st_mtim.tv_sec * std::int64_t{1'000'000} + st.st_mtim.tv_nsec / 1000, S_ISDIR(st.st_mode), st.st_dev,
          st.st_ino};
}

class SystemFiles : public Files {
 public:
  std::unique_ptr<File> open(const std::string& path, OpenMode mode) override {
    static constexpr int flags[] = {O_RDONLY, O_RDWR, O_RDWR | O_CREAT | O_EXCL, O_RDWR | O_CREAT};
    Descriptor fd = open_descriptor(path, flags[static_cast<int>(mode)]);
    if (fd.get() < 0) throw_system_error("open " + path);
    return std::make_unique<SystemFile>(std::move(fd), path);
  }

  std::unique_ptr<File> create_unnamed(const std::string& directory) override {
    if (::access("/proc/self/fd", X_OK) != 0) return create_hidden_file(directory);
    Descriptor fd = open_descriptor(directory, O_RDWR | O_TMPFILE);
    if (fd.get() >= 0) return std::make_unique<SystemFile>(std::move(fd), directory + "/(unnamed)");
    bool unsupported = errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL;
    if (!unsupported) throw_system_error("create a file in " + directory);
    return create_hidden_file(directory);
  }

  bool publish(File& unnamed, const std::string& path) override {
    auto* file = dynamic_cast<SystemFile*>(&unnamed);
    BACKLOT_ASSERT(file != nullptr);
    return file->link_to(path);
  }

  void rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) throw_system_error("rename " + from + " to " + to);
  }

  bool remove(const std::string& path) override {
    if (::unlink(path.c_str()) == 0) return true;
    if (errno == ENOENT) return false;
    throw_system_error("remove " + path);
  }

  void remove_directory(const std::string& path) override {
    if (::rmdir(path.c_str()) != 0) throw_system_error("remove directory " + path);
  }

  void make_directories(const std::string& path) override {
    if (::mkdir(path.c_str(), 0777) == 0) return;
    std::size_t slash = path.find_last_of('/');
    if (errno == ENOENT && slash != std::string::npos && slash > 0) {
      make_directories(path.substr(0, slash));
      ::mkdir(path.c_str(), 0777);
    }
    int error = errno;
    std::optional<FileInfo> found = info(path);
    if (!found) throw system_error("make directory " + path, error);
    if (!found->is_directory) throw system_error("make directory " + path, ENOTDIR);
  }

  std::optional<FileInfo> info(const std::string& path) override {
    struct stat st;
    if (::stat(path.c_str(), &st) == 0) return info_of(st);
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw_system_error("stat " + path);
  }

  std::vector<std::string> list(const std::string& directory) override {
    std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(directory.c_str()), ::closedir);
    if (!dir) {
      if (errno == ENOENT) return {};
      throw_system_error("list " + directory);
    }
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(dir.get())) {
      std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) throw_system_error("list " + directory);
    std::sort(names.begin(), names.end());
    return names;
  }

  void touch(const std::string& path) override {
    if (::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) != 0) throw_system_error("touch " + path);
  }

  void sync_directory(const std::string& path) override {
    Descriptor fd = open_descriptor(path, O_RDONLY | O_DIRECTORY);
    if (fd.get() < 0) throw_system_error("open directory " + path);
    if (uninterrupted([&] { return ::fsync(fd.get()); }) == 0) return;
    if (errno == EINVAL) return;  // this file system has nothing to sync in a directory
    throw_system_error("sync directory " + path);
  }

  std::unique_ptr<FileLock> try_lock(const std::string& path) override {
    Descriptor fd = open_descriptor(path, O_RDWR | O_CREAT);
    if (fd.get() < 0) throw_system_error("open lock " + path);
    struct flock whole_file = {};
    whole_file.l_type = F_WRLCK;
    whole_file.l_whence = SEEK_SET;
    if (uninterrupted([&] { return ::fcntl(fd.get(), F_OFD_SETLK, &whole_file); }) == 0) {
      return std::make_unique<SystemLock>(std::move(fd));
    }
    if (errno == EAGAIN || errno == EACCES) return nullptr;
    throw_system_error("lock " + path);
  }
};

std::string random_name() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) throw_system_error("getrandom");
  char text[32];
  std::snprintf(text, sizeof text, ".unnamed-%016llx", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

std::unique_ptr<File> create_hidden_file(const std::string& directory) {
  while (true) {
    std::string path = directory + "/" + random_name();
    Descriptor fd = open_descriptor(path, O_RDWR | O_CREAT | O_EXCL);
    if (fd.get() >= 0) return std::make_unique<SystemFile>(std::move(fd), path, path);
    if (errno != EEXIST) throw_system_error("create a file in " + directory);
  }
}

Files& system_files() {
  static SystemFiles files;
  return files;
}

}  // namespace backlot
