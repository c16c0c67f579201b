// One execution of a step, read back: its attempts, what it left behind and what it wrote to its log.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backlot/base/log_segments.h"
#include "backlot/catalog/catalog.h"
#include "backlot/client/artifact.h"
#include "backlot/flow/index_path.h"

namespace backlot::client {

class RunHandle;

class Task {
 public:
  Task(std::shared_ptr<RunHandle> of, TaskRow row);

  const TaskRow& row() const { return row_; }
  std::int64_t number() const { return row_.number; }
  const std::string& step() const { return row_.step; }
  IndexPath path() const;
  /// "Flow/7/compute/17"
  std::string pathspec() const;

  /// Oldest first; those that have ended, and the one that runs.
  std::vector<AttemptRow> attempts() const;
  /// Of the attempt, or of the last that has ended; empty while there is none.
  std::optional<Manifest> manifest(std::optional<std::int32_t> attempt = {}) const;

  /// What the last attempt wrote or merged, by name.
  std::vector<Artifact> artifacts() const;
  /// All that the task saw when the attempt, or the last, had ended: its own, that of the tasks before it, the
  /// parameters; by name, each under this task's pathspec. Empty while there is none.
  std::optional<std::vector<Artifact>> seen(std::optional<std::int32_t> attempt = {}) const;
  /// The one of that name; empty also when it saw none.
  std::optional<Artifact> seen(std::string_view name, std::optional<std::int32_t> attempt = {}) const;
  std::vector<Metadatum> metadata() const;

  /// What the task could see at its end: its own, else that of the tasks before it, else the run's parameters.
  std::optional<Artifact> find(std::string_view name) const;
  /// The same; throws Error not_found with the nearest name there is.
  Artifact artifact(std::string_view name) const;

  /// The tasks whose ends led to this one: none for the first, the branches for a join; at most `limit`, by number.
  std::vector<Task> parents(std::size_t limit = SIZE_MAX) const;
  std::uint64_t parent_count() const;
  /// The tasks to which this one led, at most `limit`, by number.
  std::vector<Task> children(std::size_t limit = SIZE_MAX) const;
  /// To how many it leads, also those that have not begun.
  std::uint64_t child_count() const;

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
  std::vector<Task> as_tasks(std::vector<TaskRow> rows) const;

  std::shared_ptr<RunHandle> of_;
  TaskRow row_;
};

}  // namespace backlot::client
