// One execution of a flow, read back.
#pragma once
#include <variant>

#include "backlot/client/task.h"
#include "backlot/flow/graph.h"

namespace backlot::client {

/// As RunState, and `lost`: it should be running, but its scheduler is gone. `resume` finishes such a run.
enum class RunStatus : std::uint8_t { running = 0, done = 1, failed = 2, cancelled = 3, lost = 4 };
std::string_view name_of(RunStatus status);

class Run;

/// A step of a run that has at least one task.
class Step {
 public:
  Step(ConnectionPtr home, RunRow run, StepRow row);

  const std::string& name() const { return row_.step; }
  const StepRow& row() const { return row_; }
  /// By number, from the first behind `after`.
  std::vector<Task> tasks(std::int64_t after = 0, std::size_t limit = 1000) const;
  /// By dense number or structural path. Throws Error not_found.
  Task task(const std::variant<std::int64_t, IndexPath>& address) const;
  /// Of a step with one task only. Throws Error usage when there are more.
  Task only_task() const;

 private:
  std::string pathspec() const;
  ConnectionPtr home_;
  RunRow run_;
  StepRow row_;
};

class Run {
 public:
  Run(ConnectionPtr home, RunRow row);

  /// As the catalog had it when this object was made.
  const RunRow& row() const { return row_; }
  RunKey key() const { return row_.key; }
  /// "MovieStats/1763829152123456"
  std::string pathspec() const;
  /// Running and lost are told apart now, by the lock that a living scheduler holds.
  RunStatus status() const;

  std::vector<Artifact> parameters() const;
  Graph graph() const;
  /// In order of their first task.
  std::vector<Step> steps() const;
  /// Throws Error not_found with the nearest name.
  Step step(std::string_view name) const;
  std::vector<Metadatum> metadata() const;

  /// An artifact of the run: what the first task of the graph's last step sees.
  /// Throws Error not_found when that step has not run.
  Artifact artifact(std::string_view name) const;

  /// The run's whole log.
  LogReader log() const;

 private:
  ConnectionPtr home_;
  RunRow row_;
};

}  // namespace backlot::client
