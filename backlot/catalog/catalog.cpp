#include "backlot/catalog/catalog.h"

namespace backlot {

std::string_view name_of(RunState state) {
  switch (state) {
    case RunState::running: return "running";
    case RunState::done: return "done";
    case RunState::failed: return "failed";
    case RunState::cancelled: return "cancelled";
  }
  return "unknown";
}

std::string_view name_of(TaskState state) {
  switch (state) {
    case TaskState::ready: return "ready";
    case TaskState::running: return "running";
    case TaskState::done: return "done";
    case TaskState::failed: return "failed";
    case TaskState::cancelled: return "cancelled";
  }
  return "unknown";
}

std::string address(const RunRow& run) { return run.flow + "/" + std::to_string(run.run_id); }

std::string address(const RunRow& run, const TaskRow& task) {
  return address(run) + "/" + task.step + "/" + std::to_string(task.number);
}

}  // namespace backlot
