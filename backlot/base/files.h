// The one seam to the file system. Everything that must survive a crash goes through Files, so that the same code
// runs on a real disk and, in the simulator, on one that tears, reorders and forgets.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

/// Bytes of a file, read-only, mapped where the system can; valid as long as the Mapping lives.
class Mapping {
 public:
  virtual ~Mapping() = default;
  std::string_view bytes() const { return bytes_; }

 protected:
  std::string_view bytes_;
};

/// What a file was at one moment. Every change of its bytes, times or names, and every other file in its place, has
/// another stamp, as far as the file system's clock tells moments apart.
struct FileStamp {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;
};

/// An open file. Not thread-safe. Every failure throws Error with the path in its message.
class File {
 public:
  virtual ~File() = default;
  virtual const std::string& path() const = 0;
  virtual std::uint64_t size() = 0;
  virtual FileStamp stamp() = 0;
  /// Up to `size` bytes from `offset`; fewer at the end of the file.
  virtual std::string read(std::uint64_t offset, std::size_t size) = 0;
  virtual void write(std::uint64_t offset, std::string_view bytes) = 0;
  virtual void truncate(std::uint64_t size) = 0;
  /// fdatasync. After a failure the file is unusable: every later call throws (a failed sync is never retried).
  virtual void sync() = 0;
  /// The whole file as it is now.
  virtual std::unique_ptr<Mapping> map() = 0;
};

struct FileInfo {
  std::uint64_t size = 0;
  std::int64_t modified_us = 0;  ///< UTC microseconds
  bool is_directory = false;
  std::uint64_t device = 0, inode = 0;  ///< which file it is, by whatever name
};

/// Held until destroyed; also released by the system when the process dies. A forked child that keeps the descriptor
/// open holds the lock too; exec closes it.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

enum class OpenMode { read, write, create_new, open_or_create };

class Files {
 public:
  virtual ~Files() = default;
  virtual std::unique_ptr<File> open(const std::string& path, OpenMode mode) = 0;
  /// A file without a name in `directory`; it is gone unless published.
  virtual std::unique_ptr<File> create_unnamed(const std::string& directory) = 0;
  /// Gives an unnamed file its name; false when the name is taken (the file stays unnamed).
  virtual bool publish(File& unnamed, const std::string& path) = 0;
  virtual void rename(const std::string& from, const std::string& to) = 0;
  /// False when there was nothing to remove.
  virtual bool remove(const std::string& path) = 0;
  virtual void remove_directory(const std::string& path) = 0;  ///< must be empty
  virtual void make_directories(const std::string& path) = 0;
  virtual std::optional<FileInfo> info(const std::string& path) = 0;
  /// Names in a directory, sorted; empty when it does not exist.
  virtual std::vector<std::string> list(const std::string& directory) = 0;
  /// Sets the modification time to now.
  virtual void touch(const std::string& path) = 0;
  virtual void sync_directory(const std::string& path) = 0;
  /// Exclusive lock on a file (made when absent), by open file description; empty when somebody else holds it.
  virtual std::unique_ptr<FileLock> try_lock(const std::string& path) = 0;
};

/// The real file system of this machine. Stateless and thread-safe.
Files& system_files();

}  // namespace backlot
