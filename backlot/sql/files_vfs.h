// How SQLite reaches a disk that is not the machine's: a VFS over the Files seam, so that a real database runs on a
// simulated disk.
#pragma once
#include <memory>
#include <string>

#include "backlot/base/files.h"

namespace backlot {

/// A SQLite VFS over `files`, with WAL: locks and shared memory are those of this process, shared by all connections
/// opened through this object. Registered under `name` while it lives; `files` must outlive it, and it every connection
/// opened through it. Paths are given to `files` as they are. Temporary files are refused (temp_store must be memory).
/// Thread-safe where `files` is.
class FilesVfs {
 public:
  FilesVfs(const std::string& name, Files& files);
  ~FilesVfs();
  FilesVfs(const FilesVfs&) = delete;
  FilesVfs& operator=(const FilesVfs&) = delete;

  const std::string& name() const;
  /// Power has failed and come back: locks and shared memory are gone. Connections from before may only be closed.
  void forget();

  /// Where the VFS `name` keeps its files: the Files of a FilesVfs, else the machine's.
  static Files& files_of(const std::string& name);

  struct Registration;

 private:
  std::unique_ptr<Registration> registration_;
};

}  // namespace backlot
