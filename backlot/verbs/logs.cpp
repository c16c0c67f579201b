#include "backlot/verbs/logs.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

namespace backlot::verbs {
namespace {

using client::Client;
using client::Run;
using client::RunStatus;
using client::Task;
using Visit = std::function<bool(const LogPiece&)>;

constexpr std::chrono::milliseconds pause_between_looks{100};

bool is_over(TaskState state) { return state != TaskState::ready && state != TaskState::running; }

/// The log of a run or of one of its steps, as far as it was written; knows where to go on.
class RunLog {
 public:
  RunLog(const Client& client, const Run& run, std::string step, const LogOptions& options, const Visit& visit)
      : client_(client), run_(run), step_(std::move(step)), options_(options), visit_(visit) {}

  /// Reads what is new; false when the visitor had enough.
  bool read() {
    learn_tasks();
    for (auto& [holder, clones] : clones_) {
      if (!read_from(holder, 0, clones)) return false;
    }
    clones_.clear();
    return read_from(run_.key(), next_, own_);
  }
  /// Bytes that were left out, and those that the catalog knows of and that are not there any more.
  std::uint64_t damaged() const {
    std::uint64_t all = damaged_;
    for (auto [holder, end] : ends_) {
      std::uint64_t committed = 0;
      auto run = client_.find_run(holder);
      if (!run) continue;
      run->each_finished([&](const TaskRow& task, const AttemptRow& attempt) {
        if (!task.is_clone()) committed = std::max(committed, attempt.log.end);
      });
      all += committed > end ? committed - end : 0;
    }
    return all;
  }

 private:
  struct Name {
    std::string step;
    std::int64_t number;
  };
  using Names = std::map<std::int64_t, Name>;  ///< by the number in the log

  void learn_tasks() {
    for (;;) {
      TaskFilter behind;
      behind.step = step_;
      behind.after = last_task_;
      std::vector<Task> page = run_.tasks(behind, 1000);
      if (page.empty()) return;
      last_task_ = page.back().number();
      for (const Task& task : page) {
        const TaskRow& row = task.row();
        Names& names = row.is_clone() ? clones_[row.origin] : own_;
        names[row.is_clone() ? row.origin_task : row.number] = {row.step, row.number};
      }
    }
  }

  bool read_from(RunKey holder, std::uint64_t begin, const Names& names) {
    std::optional<LogReader> log = client_.log_of(holder);
    if (!log) return true;
    bool go_on = true;
    LogReader::Range range;
    range.begin = begin;
    range.attempt = options_.attempt;
    auto outcome = log->each(range, [&](const LogRecord& r) {
      auto name = names.find(r.task);
      bool unknown = name == names.end() || (options_.stream && *options_.stream != r.stream);
      if (!unknown)
        go_on = visit_({name->second.step, name->second.number, r.attempt, r.stream, r.time, r.bytes, r.gap});
      return go_on;
    });
    damaged_ += outcome.damaged;
    if (go_on) ends_[holder] = outcome.end;
    if (holder == run_.key()) next_ = outcome.end;
    return go_on;
  }

  const Client& client_;
  const Run& run_;
  std::string step_;
  const LogOptions& options_;
  const Visit& visit_;
  std::int64_t last_task_ = 0;
  Names own_;
  std::map<RunKey, Names> clones_;
  std::uint64_t next_ = 0, damaged_ = 0;
  std::map<RunKey, std::uint64_t> ends_;  ///< how far the log of each run could be read
};

std::uint64_t read_run(const Client& client, const Pathspec& spec, const LogOptions& options, const Visit& visit) {
  Run run = client.run(spec);
  if (!spec.step.empty()) run.step(spec.step);
  RunLog log(client, run, spec.step, options, visit);
  for (;;) {
    std::optional<Run> now = client.find_run(run.key());
    bool live = options.follow && now && now->status() == RunStatus::running;
    if (!log.read() || !live) return log.damaged();
    std::this_thread::sleep_for(pause_between_looks);
  }
}

std::uint64_t read_task(const Client& client, const Pathspec& spec, const LogOptions& options, const Visit& visit) {
  Task task = client.task(spec);
  std::uint64_t next = 0, damaged = 0;
  bool go_on = true;
  for (;;) {
    bool live = options.follow && !is_over(task.row().state) && client.run(spec).status() == RunStatus::running;
    auto outcome = task.log(options.attempt, next, [&](const LogRecord& r) {
      bool wanted = !options.stream || *options.stream == r.stream;
      if (wanted) go_on = visit({task.step(), task.number(), r.attempt, r.stream, r.time, r.bytes, r.gap});
      return go_on;
    });
    next = outcome.end;
    damaged += outcome.damaged;
    if (!go_on || !live) return damaged;
    std::this_thread::sleep_for(pause_between_looks);
    task = client.step(spec).task(task.number());
  }
}

}  // namespace

std::uint64_t read_logs(const Client& client, const Pathspec& spec, const LogOptions& options, const Visit& visit) {
  if (!spec.artifact.empty()) throw Error(ErrorCode::usage, spec.text() + " is an artifact: only tasks have logs");
  return spec.task ? read_task(client, spec, options, visit) : read_run(client, spec, options, visit);
}

}  // namespace backlot::verbs
