#include "python/core/run_lines.h"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace backlot::python {
namespace {

/// Local time, as people read logs: "2026-11-26 01:22:20.811".
std::string now_text() {
  auto now = std::chrono::system_clock::now();
  std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[40];
  std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  std::snprintf(text + size, sizeof text - size, ".%03d", static_cast<int>(ms));
  return text;
}

}  // namespace

void RunLines::line(std::string_view head, std::string_view text) {
  std::string whole = now_text() + " ";
  (whole += head) += text;
  whole += '\n';
  std::fwrite(whole.data(), 1, whole.size(), stdout);
  std::fflush(stdout);
}

void RunLines::of_task(std::string_view step, std::int64_t number, std::string_view text) {
  auto pid = pids_.find(number);
  std::string head = "[" + run_ + "/" + std::string(step) + "/" + std::to_string(number);
  if (pid != pids_.end()) head += " (pid " + std::to_string(pid->second) + ")";
  line(head + "] ", text);
}

void RunLines::on_run(std::string_view flow, std::int64_t run_id, std::int64_t origin, const Graph&) {
  run_ = std::to_string(run_id);
  flow_ = flow;
  origin_ = origin;
  line("", "Workflow starting (run-id " + run_ + "):");
  if (origin != 0) line("", "Cloning " + flow_ + "/" + std::to_string(origin));
}

void RunLines::on_process(std::string_view step, std::int64_t number, std::int32_t attempt, std::int64_t pid) {
  pids_[number] = pid;
  of_task(step, number, attempt == 0 ? "Task is starting." : "Task is starting (retry).");
}

void RunLines::end_output(const TaskEvent& event) {
  lines_.end(event.number, [&](Stream, std::string_view text) { of_task(event.step, event.number, text); });
}

void RunLines::on_task(const TaskEvent& event) {
  using Kind = TaskEvent::Kind;
  if (event.kind == Kind::started) return;
  end_output(event);
  switch (event.kind) {
    case Kind::done:
      if (event.manifest && event.manifest->next.fan)
        of_task(event.step, event.number,
                "Foreach yields " + std::to_string(event.manifest->next.fan->count) + " child steps.");
      of_task(event.step, event.number, "Task finished successfully.");
      break;
    case Kind::failed:
    case Kind::retrying:
    case Kind::caught:
      if (event.failure && event.failure->kind == FailureKind::cancelled) break;
      if (event.failure && event.failure->kind != FailureKind::exception)
        of_task(event.step, event.number, describe(*event.failure));
      of_task(event.step, event.number, "Task failed.");
      break;
    case Kind::cloned:
      of_task(event.step, event.number, "Cloning previously run task " + std::to_string(origin_));
      break;
    case Kind::cached: of_task(event.step, event.number, "Taken from an earlier run."); break;
    case Kind::started: break;
  }
  pids_.erase(event.number);
}

void RunLines::on_output(std::string_view step, const IndexPath&, std::int64_t number, Stream stream,
                         std::string_view bytes) {
  lines_.add(number, stream, bytes, [&](Stream, std::string_view text) { of_task(step, number, text); });
}

void RunLines::on_notice(std::string_view text) {
  if (!quiet_) line("", text);
}

void RunLines::on_end(const verbs::RunReport& report) {
  const RunResult& result = report.result;
  if (result.state == RunState::done && !result.error) return line("", "Done!");
  line("", "Workflow failed.");
  if (result.error) return line("", result.error->what());
  for (const std::string& failed : result.failed) line("", failed);
}

}  // namespace backlot::python
