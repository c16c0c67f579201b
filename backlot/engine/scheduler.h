// Turns a graph into a finished run: one thread, no waiting, every effect through an interface, so that the simulator
// runs this very code. It starts what the plan has ready while the budget allows (launches.h), keeps what waits for
// another attempt (waiting_tasks.h), hands what ended to the commit queue (commit_queue.h), and moves the plan on when
// that is durable.
#pragma once
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "backlot/base/timers.h"
#include "backlot/engine/budget.h"
#include "backlot/engine/commit_queue.h"
#include "backlot/engine/executor.h"
#include "backlot/engine/frames.h"
#include "backlot/engine/launches.h"
#include "backlot/engine/observer.h"
#include "backlot/engine/origin.h"
#include "backlot/engine/outcome.h"
#include "backlot/engine/plan.h"
#include "backlot/engine/step_cache.h"
#include "backlot/engine/task_log.h"
#include "backlot/engine/task_under_way.h"
#include "backlot/engine/waiting_tasks.h"

namespace backlot {

struct RunSetup {
  RunIdentity identity;
  const Graph& graph;
  std::vector<NamedReference> parameters;
  Lease lease;
  Capacity capacity;
  std::string scratch;             ///< folder for what only the live run needs
  const Origin* origin = nullptr;  ///< resume: where finished tasks come from
  StepCache* cache = nullptr;      ///< for steps with `cache`; null: they are run
  bool keep_going = false;         ///< start what does not depend on a task that failed
  bool cancel_on_failure = false;  ///< stop running tasks when one has failed, instead of letting them finish
  Duration failure_grace{0};       ///< with cancel_on_failure: how long they may go on before
  std::uint64_t most_splits = 0;   ///< the run fails when a foreach has more items; 0: any number
  Duration grace{5000};            ///< between SIGTERM and SIGKILL
  /// Results that wait for their commit are held in memory: so many, then nothing is started until they are durable.
  std::size_t most_uncommitted = 20'000;
};

/// What the scheduler works with; all outlive it.
struct RunWorld {
  Executor& executor;
  Committer& committer;
  Timers& timers;
  Clock& clock;
  Files& files;
  BlobReader& blobs;
  TaskLog& log;
  RunObserver& observer;
};

enum class StopRun : std::uint8_t {
  finish_running,  ///< start nothing more, let running tasks end
  gently,          ///< and ask what runs to end, killing it after the grace
  now,             ///< and kill what runs
};

struct RunResult {
  RunState state = RunState::running;
  std::string failure;              ///< one line: what failed first
  std::vector<std::string> failed;  ///< "step/[path]: why", the first 20
  std::int64_t failures = 0;        ///< of how many
  std::optional<Error> error;       ///< we could not go on: lease lost, disk full …
  std::int64_t tasks = 0, cloned = 0;
};

class Scheduler : public ExecutorEvents {
 public:
  Scheduler(RunSetup setup, RunWorld world);
  ~Scheduler() override;
  /// `on_end` is called once, when the run's last state is committed (or cannot be).
  void start(std::function<void(const RunResult&)> on_end);
  /// `deadline` 0: none; after it what still runs is killed.
  void stop(StopRun how, Duration deadline = Duration{0});

  void on_started(LaunchId id, Micros at, std::int64_t pid) override;
  void on_output(LaunchId id, Stream stream, std::string_view bytes) override;
  void on_label(LaunchId id, std::string_view label) override;
  void on_progress(LaunchId id, double share, std::string_view note) override;
  void on_metadata(LaunchId id, std::string_view key, std::string_view value) override;
  void on_exit(LaunchId id, Exit&& exit) override;

 private:
  // starting
  void clone_finished();
  bool clone(Token& token);
  bool take_cached(Token& token);
  void dispatch();
  bool dispatch_again();
  bool dispatch_ready();
  void launch(std::vector<TaskPtr> tasks);
  void launch(TaskPtr task);
  std::vector<TaskPtr> take_range(NodeId node);
  TaskPtr new_task(Token token);
  // ending
  void range_ended(LiveLaunch live, const Exit& exit);
  void ended(TaskPtr task, Manifest manifest, const Exit& exit);
  void succeeded(TaskPtr task, Manifest manifest, const Exit& exit);
  void offer_to_cache(const TaskUnderWay& task);
  void log_failure(TaskUnderWay& task, const Failure& failure);
  void failed(TaskPtr task, Manifest manifest, const Exit& exit);
  void retry(TaskPtr task, const Failure& failure);
  void record(TaskUnderWay& task, TaskState attempt_state, const Manifest& manifest, const Exit& exit);
  void follow(TaskUnderWay& task, const Manifest& manifest, bool ran);
  void give_up(const TaskUnderWay& task, const Failure& failure);
  void fail_run(std::string why);
  bool is_too_wide(const TaskUnderWay& task, const Manifest& manifest);
  void park_waiting();
  // committing
  void flush_soon();
  bool can_gather() const;
  void committed(CommitResult result, std::vector<FinishedAttempt> finished);
  void abort(const Error& error);
  void carry_out(const std::vector<ControlRequest>& requests);
  void tick();
  void end_if_over();

  const Node& node_of(const TaskUnderWay& task) const { return setup_.graph.node(task.token.node); }
  void report(TaskEvent::Kind kind, const TaskUnderWay& task, const Failure* failure = nullptr,
              Duration delay = Duration{0}, const Manifest* manifest = nullptr);

  RunSetup setup_;
  RunWorld world_;
  Plan plan_;
  Frames frames_;
  Budget budget_;
  std::mt19937_64 jitter_;
  std::function<void(const RunResult&)> on_end_;
  RunResult result_;

  Launches launches_;
  WaitingTasks waiting_;
  CommitQueue commits_;
  LaunchId next_launch_{1};
  std::int64_t next_number_ = 1;
  std::vector<double> item_ns_;  // by node: how long an item of a pure step takes, of late
  int skipped_ = 0;              // launches since something ready did not fit
  bool stopping_ = false, final_sent_ = false, over_ = false;
  int idle_ticks_ = 0;
  TimerId ticker_ = 0, deadline_ = 0;
};

}  // namespace backlot
