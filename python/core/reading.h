// Reading back what ran: flows, runs, tasks, attempts, artifacts and logs as backlot/client/ sees them.
#pragma once
#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backlot/client/client.h"
#include "backlot/client/lineage.h"
#include "backlot/client/run_scope.h"
#include "backlot/client/ways.h"
#include "python/core/objects.h"

namespace backlot::python {

namespace py = pybind11;

/// An open home. Opened anew in a process that was forked from one that had it open: a descriptor of the catalog must
/// not be shared.
class Archive {
 public:
  explicit Archive(std::string home) : home_{std::move(home)} {}

  const client::ConnectionPtr& connection();
  Catalog& catalog() { return *connection()->catalog; }
  py::object load(const Reference& reference);
  const std::string& root() const { return home_.root; }
  /// It is opened again when it is used again.
  void close();

 private:
  Home home_;
  pid_t process_ = 0;
  client::ConnectionPtr connection_;
  std::unique_ptr<Objects> objects_;
};

class ArchivedRun;

class ArchivedTask {
 public:
  ArchivedTask(std::shared_ptr<ArchivedRun> run, TaskRow row) : run_(std::move(run)), row_(std::move(row)) {}

  const std::shared_ptr<ArchivedRun>& run() const { return run_; }
  const TaskRow& row() const { return row_; }
  std::vector<AttemptRow> attempts() const;
  /// By name all that it saw when an attempt ended; None when none has.
  py::object artifacts(std::optional<std::int32_t> attempt) const;
  py::object find(const std::string& name, std::optional<std::int32_t> attempt) const;
  std::vector<Metadatum> metadata() const;
  /// (microseconds, bytes) of what an attempt wrote to "stdout" or "stderr".
  py::list log(std::int32_t attempt, const std::string& stream) const;
  std::vector<ArchivedTask> before() const;
  std::vector<ArchivedTask> after() const;
  /// The task of the run that this one was resumed from, of which it is a clone: its number; 0 when it is none.
  std::int64_t origin_task() const;
  py::list foreachs() const;
  std::optional<std::uint64_t> index() const;

 private:
  std::vector<ArchivedTask> as_tasks(std::vector<TaskRow> rows) const;

  std::shared_ptr<ArchivedRun> run_;
  TaskRow row_;
};

/// A run as it was when it was looked up, with the tags that it has or is about to get.
class ArchivedRun : public std::enable_shared_from_this<ArchivedRun> {
 public:
  ArchivedRun(std::shared_ptr<Archive> home, RunRow row);

  const RunRow& row() const { return row_; }
  Archive& archive() const { return *home_; }
  const std::shared_ptr<Archive>& home() const { return home_; }
  const Graph& graph();
  client::RunScope& scope();
  py::dict parameters();
  /// By number.
  std::vector<ArchivedTask> tasks(const std::string& step);
  std::optional<ArchivedTask> task(const std::string& step, const std::string& id);
  std::optional<std::int64_t> origin();
  std::string code();
  /// Changes its tags, of a live run by asking its scheduler; here they are changed at once.
  void change_tags(const std::vector<std::string>& add, const std::vector<std::string>& remove);

 private:
  void read_again();

  std::shared_ptr<Archive> home_;
  RunRow row_;
  std::optional<Graph> graph_;
  std::unique_ptr<client::RunScope> scope_;
  const Catalog* scope_of_ = nullptr;
};

void bind_reading(py::module_& module);

}  // namespace backlot::python
