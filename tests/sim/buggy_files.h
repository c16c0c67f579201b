// The disk under the simulated engine, with those of the deliberate bugs that concern syncing.
#pragma once
#include "backlot/base/files.h"
#include "tests/sim/bugs.h"

namespace backlot::sim {

class BuggyFiles : public Files {
 public:
  BuggyFiles(Files& disk, Bug bug) : disk_(disk), bug_(bug) {}
  std::unique_ptr<File> open(const std::string& path, OpenMode mode) override;
  std::unique_ptr<File> create_unnamed(const std::string& directory) override;
  bool publish(File& unnamed, const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override { disk_.rename(from, to); }
  bool remove(const std::string& path) override { return disk_.remove(path); }
  void remove_directory(const std::string& path) override { disk_.remove_directory(path); }
  void make_directories(const std::string& path) override { disk_.make_directories(path); }
  std::optional<FileInfo> info(const std::string& path) override;
  std::vector<std::string> list(const std::string& directory) override { return disk_.list(directory); }
  void touch(const std::string& path) override { disk_.touch(path); }
  void sync_directory(const std::string& path) override;
  std::unique_ptr<FileLock> try_lock(const std::string& path) override { return disk_.try_lock(path); }

 private:
  Files& disk_;
  Bug bug_;
};

}  // namespace backlot::sim
