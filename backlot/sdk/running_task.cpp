#include "backlot/sdk/running_task.h"

#include <atomic>
#include <filesystem>

#include "backlot/base/files.h"

namespace backlot::sdk {

namespace {

// The one exception to "no globals": user code asks for its task from anywhere, on any thread.
std::atomic<RunningTask*> running = nullptr;

}  // namespace

RunningTask::RunningTask(const TaskFrame& frame, const Graph& graph, const std::vector<Field>& fields,
                         TaskContext& context)
    : frame_(frame), step_(graph.node(frame.node).name), index_(frame.path.text()), fields_(fields), context_(context) {
  BACKLOT_ASSERT(running.exchange(this) == nullptr);
}

RunningTask::~RunningTask() {
  running = nullptr;
  if (!temp_dir_made_) return;
  std::error_code ignored;  // what is left is removed with the run
  std::filesystem::remove_all(context_.temp_dir, ignored);
}

RunningTask* RunningTask::get() { return running; }

const std::string& RunningTask::temp_dir() {
  std::lock_guard lock(mutex_);
  if (!temp_dir_made_) system_files().make_directories(context_.temp_dir);
  temp_dir_made_ = true;
  return context_.temp_dir;
}

void RunningTask::progress(double share, std::string_view note) {
  std::lock_guard lock(mutex_);
  context_.report.progress(share, 1, note);
}

void RunningTask::metadata(std::string_view key, std::string_view value) {
  std::lock_guard lock(mutex_);
  context_.report.metadata(key, value);
  metadata_.emplace_back(key, value);
}

RunningTask::Metadata RunningTask::take_metadata() {
  std::lock_guard lock(mutex_);
  return std::move(metadata_);
}

}  // namespace backlot::sdk
