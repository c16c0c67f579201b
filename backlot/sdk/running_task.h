// The task whose code runs in this process now: what current() and merge_artifacts need of it.
#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "backlot/flow/flow_code.h"
#include "backlot/sdk/artifact.h"

namespace backlot::sdk {

/// A process runs one task at a time: it is the running one from construction to destruction.
class RunningTask {
 public:
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  /// All must outlive this.
  RunningTask(const TaskFrame& frame, const Graph& graph, const std::vector<Field>& fields, TaskContext& context);
  ~RunningTask();
  RunningTask(const RunningTask&) = delete;
  RunningTask& operator=(const RunningTask&) = delete;

  /// The running task, or null.
  static RunningTask* get();

  const TaskFrame& frame() const { return frame_; }
  const std::string& step() const { return step_; }
  const std::string& index() const { return index_; }
  /// The step depends on where it stands: noted for the step cache. From any thread.
  void note_path() { path_noted_ = true; }
  bool path_noted() const { return path_noted_; }
  /// The fields of the flow value that runs.
  const std::vector<Field>& fields() const { return fields_; }
  /// Made by the first call.
  const std::string& temp_dir();

  // From any thread.
  void progress(double share, std::string_view note);
  void metadata(std::string_view key, std::string_view value);
  Metadata take_metadata();

 private:
  const TaskFrame& frame_;
  std::string step_, index_;
  const std::vector<Field>& fields_;
  TaskContext& context_;
  std::mutex mutex_;
  bool temp_dir_made_ = false;
  std::atomic<bool> path_noted_ = false;
  Metadata metadata_;
};

}  // namespace backlot::sdk
