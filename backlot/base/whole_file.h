// A file for people that appears whole or not at all: what was written is given its name at the end.
#pragma once
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "backlot/base/files.h"

namespace backlot {

/// Writes to what is at `path` now: where that is a device or a pipe, at once; else to a file without a name beside it,
/// which takes its place in keep(). A link is followed. Nothing stays of what was not kept.
class WholeFile {
 public:
  /// Throws Error exists when `path` is a folder, not_found when the folder around it is not there, permission, io.
  explicit WholeFile(const std::string& path);
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  /// Throws Error no_space, io.
  void add(std::string_view bytes);
  /// Gives the file its name; `executable`: for all who may read it. Call it once, at the end. Does not sync. Throws
  /// Error permission, no_space, io.
  void keep(bool executable = false);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void give_name(bool executable);

  std::string path_;
  std::uint64_t size_ = 0;
  std::unique_ptr<File> unnamed_;
  std::unique_ptr<std::FILE, Close> stream_;  ///< to a device or a pipe
};

}  // namespace backlot
