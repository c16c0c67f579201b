#include "backlot/sdk/current.h"

#include <cstdio>

#include "backlot/sdk/running_task.h"

namespace backlot {

namespace {

sdk::RunningTask& task_or_throw() {
  if (auto* task = sdk::RunningTask::get()) return *task;
  throw Error(ErrorCode::unset, "current() was asked for its task outside of a task",
              "ask it in a step only; a unit test of a step has no task");
}

}  // namespace

Current current() { return {}; }

const std::string& Current::flow() const { return task_or_throw().frame().run.flow; }
std::int64_t Current::run() const { return task_or_throw().frame().run.run; }
const std::string& Current::step() const { return task_or_throw().step(); }
std::int64_t Current::task() const { return task_or_throw().frame().number; }
int Current::attempt() const { return task_or_throw().frame().attempt; }
const std::string& Current::index() const {
  task_or_throw().note_path();
  return task_or_throw().index();
}
std::string Current::pathspec() const { return flow() + "/" + std::to_string(run()) + "/" + step() + "/" + index(); }
std::int64_t Current::origin_run() const { return task_or_throw().frame().run.origin_run; }
std::uint64_t Current::seed() const {
  task_or_throw().note_path();
  return task_or_throw().frame().seed;
}
const std::string& Current::temp_dir() const { return task_or_throw().temp_dir(); }

void Current::log(std::string_view line) const {
  std::string text(line);
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Current::progress(double share, std::string_view note) const {
  if (auto* task = sdk::RunningTask::get()) task->progress(share, note);
}

void Current::metadata(std::string_view key, std::string_view value) const {
  if (auto* task = sdk::RunningTask::get()) task->metadata(key, value);
}

}  // namespace backlot
