// What has arrived at a join that is not complete yet: in memory while it is small, then in a file, so that a wide
// foreach costs the scheduler eight bytes a branch.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "backlot/base/files.h"
#include "backlot/flow/task_frame.h"

namespace backlot {

class BranchTable {
 public:
  /// `spill_path`: where it goes when it grows large; made then, removed with the table.
  BranchTable(Files& files, std::string spill_path, std::uint64_t count);
  ~BranchTable();
  void add(const BranchRecord& record);
  /// Fills in a join's frame. All branches must have been added.
  void complete(TaskFrame& frame);

 private:
  void spill();
  Files& files_;
  std::string path_, buffer_;
  std::unique_ptr<File> file_;
  std::uint64_t count_, in_file_ = 0, added_ = 0;
  std::vector<std::uint64_t> offsets_;  // by branch index; as long as what has arrived needs it, for what waits is free
  bool completed_ = false;
};

}  // namespace backlot
