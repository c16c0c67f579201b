// One execution of a flow, read back.
#pragma once
#include <functional>
#include <variant>

#include "backlot/client/task.h"
#include "backlot/flow/graph.h"

namespace backlot::client {

/// As RunState, and `lost`: it should be running, but its scheduler is gone. `resume` finishes such a run.
enum class RunStatus : std::uint8_t { running = 0, done = 1, failed = 2, cancelled = 3, lost = 4 };
std::string_view name_of(RunStatus status);

/// A step of a run that has at least one task.
class Step {
 public:
  Step(std::shared_ptr<RunHandle> of, StepRow row);

  const std::string& name() const { return row_.step; }
  const StepRow& row() const { return row_; }
  /// By number, from the first behind `after`.
  std::vector<Task> tasks(std::int64_t after = 0, std::size_t limit = 1000) const;
  /// By dense number or structural path. Throws Error not_found.
  Task task(const std::variant<std::int64_t, IndexPath>& address) const;
  /// Of a step with one task only. Throws Error usage when there are more.
  Task only_task() const;
  /// The task that ended last, among those whose path begins with the key `prefix` (of IndexPath::key()).
  std::optional<Task> last_ended(std::string_view prefix = {}) const;

 private:
  std::string pathspec() const;
  std::shared_ptr<RunHandle> of_;
  StepRow row_;
};

class Run {
 public:
  explicit Run(std::shared_ptr<RunHandle> of);

  /// As the catalog had it when it was looked up.
  const RunRow& row() const;
  RunKey key() const { return row().key; }
  /// "MovieStats/1763829152123456"
  std::string pathspec() const;
  /// Running and lost are told apart now, by the lock that a living scheduler holds.
  RunStatus status() const;
  /// The run that this one resumed; empty: none, or it was removed.
  std::optional<Run> origin() const;

  std::vector<Artifact> parameters() const;
  Graph graph() const;
  /// Of the graph as it is stored: the same for equal graphs.
  Digest graph_digest() const;
  std::vector<Metadatum> metadata() const;

  /// In order of their first task.
  std::vector<Step> steps() const;
  /// Throws Error not_found with the nearest name.
  Step step(std::string_view name) const;

  /// Of all steps, by number, from the first behind `after`.
  std::vector<Task> tasks(std::int64_t after, std::size_t limit) const;
  std::vector<Task> tasks(const TaskFilter& filter, std::size_t limit) const;
  /// By dense number, of any step; empty: there is none.
  std::optional<Task> task(std::int64_t number) const;
  std::optional<Task> task(std::string_view step, const IndexPath& path) const;
  /// Those that changed after the event `since`, in order of their last event.
  std::vector<Task> changes(std::int64_t since, std::size_t limit) const;
  /// Visits every task that has ended and its last attempt, by number, in one pass.
  void each_finished(const std::function<void(const TaskRow&, const AttemptRow&)>& visit) const;

  /// Failed tasks by how they failed, most tasks first; one moment's truth.
  FailureGroups failures(std::size_t limit) const;
  /// Tasks by what they wait for, most tasks first.
  std::vector<WaitingGroup> waiting(std::size_t limit) const;
  /// What was asked of it and its scheduler has not done yet, oldest first.
  std::vector<ControlRequest> requests() const;

  /// An artifact of the run: what the first task of the graph's last step sees.
  /// Throws Error not_found when that step has not run.
  Artifact artifact(std::string_view name) const;

  /// The run's whole log.
  LogReader log() const;

 private:
  std::vector<Task> as_tasks(std::vector<TaskRow> rows) const;
  std::optional<Task> as_task(std::optional<TaskRow> row) const;

  std::shared_ptr<RunHandle> of_;
};

}  // namespace backlot::client
