#include "backlot/engine/branch_table.h"

#include "backlot/base/durable_folder.h"

namespace backlot {
namespace {
constexpr std::size_t in_memory_limit = 64 << 10;
constexpr std::size_t write_size = 256 << 10;
}  // namespace

BranchTable::BranchTable(Files& files, std::string spill_path, std::uint64_t count)
    : files_(files), path_(std::move(spill_path)), count_(count) {}

BranchTable::~BranchTable() {
  if (!file_) return;
  file_.reset();
  try {
    files_.remove(path_);
  } catch (const Error&) {  // it is temporary: fsck removes what is left in a run's folder
  }
}

void BranchTable::add(const BranchRecord& record) {
  BACKLOT_ASSERT(record.index < count_);
  if (record.index >= offsets_.size()) offsets_.resize(record.index + 1);
  offsets_[record.index] = in_file_ + buffer_.size();
  append(buffer_, record);
  ++added_;
  if (buffer_.size() >= (file_ ? write_size : in_memory_limit)) spill();
}

void BranchTable::spill() {
  if (!file_) {
    files_.make_directories(folder_of(path_));
    file_ = files_.open(path_, OpenMode::open_or_create);
    file_->truncate(0);
  }
  file_->write(in_file_, buffer_);
  in_file_ += buffer_.size();
  buffer_.clear();
}

void BranchTable::complete(TaskFrame& frame) {
  BACKLOT_ASSERT(added_ == count_);
  if (!completed_) {
    for (std::uint64_t offset : offsets_) {
      for (int i = 0; i < 8; ++i) buffer_ += static_cast<char>(offset >> (8 * i));
    }
    completed_ = true;
    if (file_) spill();
  }
  frame.branch_count = count_;
  if (file_)
    frame.branch_file = path_;
  else
    frame.branches = buffer_;
}

}  // namespace backlot
