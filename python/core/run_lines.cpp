#include "python/core/run_lines.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <utility>

#include "backlot/cli/terminal.h"

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

/// Whether @catch took the failure of the last attempt.
bool was_caught(const TaskEvent& event) {
  const auto& metadata = event.manifest->metadata;
  return std::any_of(metadata.begin(), metadata.end(), [](const auto& entry) { return entry.first == "caught"; });
}

}  // namespace

void RunLines::line(std::string_view head, std::string_view text) {
  std::string whole = now_text() + " ";
  (whole += head) += text;
  whole += '\n';
  erase_status();
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
  is_cloning_ = origin != 0;
  if (is_cloning_) line("", "Gathering required information to resume run (this may take a bit of time)...");
  line("", "Workflow starting (run-id " + run_ + "):");
  if (is_cloning_) line("", "Cloning " + flow_ + "/" + std::to_string(origin));
}

// All that is taken over is, before anything else happens.
void RunLines::end_cloning() {
  if (!std::exchange(is_cloning_, false)) return;
  line("", flow_ + "/" + std::to_string(origin_) + " cloned!");
}

void RunLines::on_process(std::string_view step, std::int64_t number, std::int32_t attempt, std::int64_t pid) {
  end_cloning();
  pids_[number] = pid;
  waits_.erase(number);
  if (unwaited_.contains(step)) first_starts_.try_emplace(number, std::chrono::steady_clock::now());
  of_task(step, number, attempt == 0 ? "Task is starting." : "Task is starting (retry).");
}

void RunLines::end_output(const TaskEvent& event) {
  lines_.end(event.number, [&](Stream, std::string_view text) { of_task(event.step, event.number, text); });
}

void RunLines::went_on(const TaskEvent& event) {
  if (!event.manifest || !event.manifest->next.fan_out) return;
  std::uint64_t count = event.manifest->next.fan_out->count;
  std::string children = std::to_string(count) + " child steps";
  if (event.kind == TaskEvent::Kind::done) of_task(event.step, event.number, "Foreach yields " + children + ".");
  if (most_splits_ == 0 || count <= most_splits_ || !failure_.empty()) return;
  std::string step(event.step);
  failure_ = "Step " + step + " (task-id " + std::to_string(event.number) + ") failed: Foreach in step " + step +
             " yielded " + children + " which is more than the current maximum of " + std::to_string(most_splits_) +
             " children. You can raise the maximum with the --max-num-splits option.";
}

void RunLines::print_wait(const TaskEvent& event) {
  if (event.delay.count() <= 0) return;
  waits_[event.number] = std::chrono::steady_clock::now() + event.delay;
  of_task(event.step, event.number,
          "Task waits " + cli::duration_text(event.delay.count() * 1000) + " before it is tried again.");
}

// Whoever wrote @retry against a service that is down for a minute should know that no minute was waited.
void RunLines::print_if_used_up_at_once(const TaskEvent& event) {
  auto first = first_starts_.find(event.number);
  if (event.attempt == 0 || first == first_starts_.end()) return;
  if (std::chrono::steady_clock::now() - first->second > std::chrono::seconds(1)) return;
  on_notice("All " + std::to_string(event.attempt + 1) + " attempts of step " + std::string(event.step) +
            " were used up within a second, because a run on this machine tries again at once. " +
            "With --retry-wait it waits minutes_between_retries before.");
  unwaited_.clear();
  first_starts_.clear();
}

// On a terminal, how long tasks still wait stands in the last line.
void RunLines::on_tick() {
  if (waits_.empty() || quiet_ || !cli::can_redraw(1)) return erase_status();
  auto next = std::min_element(waits_.begin(), waits_.end(), [](auto& a, auto& b) { return a.second < b.second; });
  auto left = std::chrono::ceil<std::chrono::seconds>(next->second - std::chrono::steady_clock::now()).count();
  std::string text = waits_.size() == 1 ? "1 task waits" : std::to_string(waits_.size()) + " tasks wait";
  text += " to be tried again: " + cli::duration_text(std::max<std::int64_t>(left, 0) * 1'000'000);
  if (text == status_) return;
  std::printf("\r%s\033[K", text.c_str());
  std::fflush(stdout);
  status_ = std::move(text);
}

void RunLines::erase_status() {
  if (!std::exchange(status_, {}).empty()) std::fputs("\r\033[K", stdout);
}

void RunLines::stopping(std::string_view why) {
  if (std::exchange(is_stopping_, true)) return;
  line("", why);
  line("", "Terminating " + std::to_string(pids_.size()) + " active tasks...");
}

void RunLines::on_task(const TaskEvent& event) {
  using Kind = TaskEvent::Kind;
  if (event.kind == Kind::started) return;
  end_output(event);
  switch (event.kind) {
    case Kind::done:
      went_on(event);
      of_task(event.step, event.number, "Task finished successfully.");
      pids_.erase(event.number);
      if (was_caught(event)) print_if_used_up_at_once(event);
      first_starts_.erase(event.number);
      break;
    case Kind::failed:
    case Kind::retrying:
    case Kind::caught:
      if (event.failure->kind != FailureKind::exception && event.failure->kind != FailureKind::cancelled)
        of_task(event.step, event.number, describe(*event.failure));
      of_task(event.step, event.number, "Task failed.");
      pids_.erase(event.number);
      if (event.kind == Kind::retrying) print_wait(event);
      if (event.kind != Kind::retrying) print_if_used_up_at_once(event);
      if (event.kind != Kind::failed || event.failure->kind == FailureKind::cancelled) break;
      if (failure_.empty())
        failure_ = "Step " + std::string(event.step) + " (task-id " + std::to_string(event.number) + ") failed.";
      if (!keep_going_) stopping("Workflow failed.");
      break;
    case Kind::cloned:
      of_task(event.step, event.number,
              "Cloning previously run task " + std::to_string(origin_) + "/" + std::string(event.step) + "/" +
                  std::to_string(event.origin_task));
      went_on(event);
      break;
    case Kind::cached: of_task(event.step, event.number, "Taken from an earlier run."); break;
    case Kind::started: break;
  }
}

void RunLines::on_output(std::string_view step, const IndexPath&, std::int64_t number, Stream stream,
                         std::string_view bytes) {
  lines_.add(number, stream, bytes, [&](Stream, std::string_view text) { of_task(step, number, text); });
}

void RunLines::on_notice(std::string_view text) {
  if (!quiet_) line("", text);
}

void RunLines::on_interrupt() {
  stopping("Workflow interrupted. Running tasks have 5 seconds to end; press Ctrl+C again to end them now.");
}

void RunLines::on_end(const verbs::RunReport& report) {
  const RunResult& result = report.result;
  end_cloning();
  erase_status();
  if (result.state == RunState::done && !result.error) return line("", "Done!");
  stopping(result.state == RunState::cancelled ? "Workflow interrupted." : "Workflow failed.");
  line("", "Flushing logs...");
  if (result.error)
    std::fprintf(stderr, "    %s\n\n", result.error->what());
  else if (result.state == RunState::failed && !failure_.empty())
    std::fprintf(stderr, "    Step failure:\n    %s\n\n", failure_.c_str());
}

}  // namespace backlot::python
