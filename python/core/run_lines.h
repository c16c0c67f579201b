// What a run prints, line by line, as scripts that call Metaflow read it:
// "2026-11-26 01:22:20.811 [1795656138542827/a/3 (pid 5220)] Task failed."
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/cli/output_lines.h"
#include "backlot/verbs/run.h"

namespace backlot::python {

class RunLines : public verbs::RunWatcher {
 public:
  /// `quiet`: without our notices. `unwaited`: the steps that ask for a wait before a retry and get none in this run.
  RunLines(bool quiet, const verbs::RunOptions& options, const std::vector<std::string>& unwaited)
      : quiet_(quiet),
        keep_going_(options.keep_going),
        most_splits_(options.most_splits),
        unwaited_(unwaited.begin(), unwaited.end()) {}

  void on_run(std::string_view flow, std::int64_t run_id, std::int64_t origin, const Graph& graph) override;
  void on_process(std::string_view step, std::int64_t number, std::int32_t attempt, std::int64_t pid) override;
  void on_task(const TaskEvent& event) override;
  void on_output(std::string_view step, const IndexPath& path, std::int64_t number, Stream stream,
                 std::string_view bytes) override;
  void on_notice(std::string_view text) override;
  void on_interrupt() override;
  void on_tick() override;
  void on_end(const verbs::RunReport& report) override;

 private:
  void line(std::string_view head, std::string_view text);
  void of_task(std::string_view step, std::int64_t number, std::string_view text);
  void end_output(const TaskEvent& event);
  void went_on(const TaskEvent& event);
  void stopping(std::string_view why);
  void end_cloning();
  void print_wait(const TaskEvent& event);
  void print_if_used_up_at_once(const TaskEvent& event);
  void erase_status();

  using Time = std::chrono::steady_clock::time_point;

  const bool quiet_, keep_going_;
  const std::uint64_t most_splits_;  ///< to say which foreach had more
  std::string run_, flow_;
  std::int64_t origin_ = 0;
  bool is_cloning_ = false, is_stopping_ = false;
  std::string failure_;                        ///< which task failed first
  std::map<std::int64_t, std::int64_t> pids_;  ///< of the tasks that run, by number
  cli::OutputLines lines_;
  std::set<std::string, std::less<>> unwaited_;
  std::map<std::int64_t, Time> first_starts_;  ///< of the tasks of those steps, by number
  std::map<std::int64_t, Time> waits_;         ///< until when the tasks wait that are tried again, by number
  std::string status_;                         ///< the last line of a terminal as it is now; empty: there is none
};

}  // namespace backlot::python
