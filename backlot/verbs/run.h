// Running and resuming a flow on this machine: what `run` and `resume` do.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "backlot/engine/observer.h"
#include "backlot/engine/origin.h"
#include "backlot/engine/scheduler.h"
#include "backlot/exec/exec_tier.h"
#include "backlot/flow/flow_code.h"

namespace backlot::verbs {

struct RunOptions {
  std::string home;             ///< folder (home/home.h)
  ParameterSources parameters;  ///< must be empty when resuming
  /// Parameters that the front has read itself and, where they are large, put into the home's store (Python flows).
  /// When resuming they take the place of the origin's of the same names.
  std::vector<NamedReference> values;
  std::vector<std::string> tags, system_tags;
  std::string ns, project, branch;
  int max_workers = 0;  ///< 0: as many as the machine has cores
  std::map<std::string, int> pools;
  bool keep_going = false;         ///< when a task has failed, start what does not depend on it
  bool cancel_on_failure = false;  ///< when a task has failed, stop those that run
  Duration failure_grace{0};       ///< with it: how long running tasks may go on before they are stopped
  std::uint64_t most_splits = 0;   ///< the run fails when a foreach has more items; 0: any number
  /// What SIGINT does the first time. The second time kills.
  StopRun on_interrupt = StopRun::finish_running;
  std::uint64_t log_cap = 64 << 20;  ///< bytes kept of each attempt's output

  bool resume = false;
  std::int64_t origin_run = 0;  ///< resume: 0 takes the user's last run of the flow
  std::string resume_step;      ///< resume: run this step and what follows again
  bool anyway = false;          ///< resume: though the origin, or another resume of it, is going on
  ClonePolicy clone_policy = ClonePolicy::by_ancestry;
  std::int64_t run_id = 0;  ///< wanted; 0: the time. A free one at or after it is taken
  std::string code;         ///< name of the code's blob, in the home's store; empty: the binary that runs
  FreshStart fresh;
};

struct RunReport {
  std::string flow;
  std::int64_t run_id = 0, origin_run = 0;
  RunResult result;
  double seconds = 0;
};

/// Watches a run from its beginning.
class RunWatcher : public RunObserver {
 public:
  /// The run exists; nothing has been started yet.
  virtual void on_run(std::string_view /*flow*/, std::int64_t /*run_id*/, std::int64_t /*origin*/, const Graph&) {}
  /// SIGINT came the first time.
  virtual void on_interrupt() { on_notice("stopping: running tasks may end; once more to kill them"); }
  virtual void on_end(const RunReport&) {}
};

/// The run that `resume` goes on from when none is named: the user's last run of the flow, be it resumed itself. A
/// resume that died before it had taken anything over is passed over for what it resumed.
std::optional<RunRow> run_to_resume(Catalog& catalog, const std::string& flow);

/// Runs `flow` to its end, in the calling thread, which must be the only one: the runner is forked from it. SIGINT once
/// does what `on_interrupt` says, twice kills them; SIGTERM and SIGHUP (unless it is ignored, as under nohup) give them
/// ten seconds. Throws Error `usage` for bad graphs, parameters and origins before anything is written; a flow that
/// fails is a result. Exports BACKLOT_HOME, so that tasks and what they start find the same home.
RunReport run_flow(const FlowCode& flow, const RunOptions& options, RunWatcher& watcher);

}  // namespace backlot::verbs
