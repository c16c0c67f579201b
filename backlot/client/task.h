// One execution of a step, read back: its attempts, what it left behind and what it wrote to its log.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backlot/base/log_segments.h"
#include "backlot/client/artifact.h"
#include "backlot/flow/index_path.h"

namespace backlot::client {

class Task {
 public:
  Task(ConnectionPtr home, RunRow run, TaskRow row);

  const TaskRow& row() const { return row_; }
  std::int64_t number() const { return row_.number; }
  const std::string& step() const { return row_.step; }
  IndexPath path() const;
  /// "Flow/7/compute/17"
  std::string pathspec() const;

  /// Oldest first; those that have ended, and the one that runs.
  std::vector<AttemptRow> attempts() const;
  /// Of the last attempt that has ended; empty while there is none.
  std::optional<Manifest> manifest() const;

  /// What the last attempt wrote or merged, by name.
  std::vector<Artifact> artifacts() const;
  std::vector<Metadatum> metadata() const;

  /// What the task could see at its end: its own, else that of the tasks before it, else the run's parameters.
  std::optional<Artifact> find(std::string_view name) const;
  /// The same; throws Error not_found with the nearest name there is.
  Artifact artifact(std::string_view name) const;

  /// The log that holds what the task wrote, and where in it. A clone's log lies in its origin run, with the task
  /// number it had there; while the task runs, the range has no end.
  struct LogPlace {
    LogReader reader;
    LogReader::Range range;
  };
  /// Of all attempts or of one; empty when nothing was written. Throws Error not_found when the log is gone.
  std::optional<LogPlace> log_place(std::optional<std::int32_t> attempt) const;

  /// Visits what the task wrote, in order, of all attempts or of one, until `visit` returns false. While it runs, go
  /// on from the last call's Outcome::end.
  LogReader::Outcome log(std::optional<std::int32_t> attempt, std::uint64_t from,
                         const std::function<bool(const LogRecord&)>& visit) const;

 private:
  ConnectionPtr home_;
  RunRow run_;
  TaskRow row_;
};

/// The log of a run, also of one that was deleted while clones of its tasks live on; empty when it is gone.
std::optional<LogReader> log_of(const ConnectionPtr& home, RunKey run);

/// The note under which the catalog keeps "Flow/7" of a deleted run whose log is still needed.
std::string log_note(RunKey run);

}  // namespace backlot::client
