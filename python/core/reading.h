// Reading back what ran: flows, runs, tasks, attempts, artifacts and logs as backlot/client/ sees them.
#pragma once
#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backlot/client/client.h"
#include "python/core/objects.h"

namespace backlot::python {

namespace py = pybind11;

/// A home that is opened when it is first used.
class Archive {
 public:
  explicit Archive(std::string home) : home_{std::move(home)} {}

  client::Client& client();
  py::object load(const client::Artifact& artifact);
  const std::string& root() const { return home_.root; }
  /// It is opened again when it is used again.
  void close();

 private:
  Home home_;
  std::optional<client::Client> client_;
  std::unique_ptr<Objects> objects_;
  const BlobReader* objects_of_ = nullptr;  ///< another one in a process that was forked
};

class ArchivedRun;

class ArchivedTask {
 public:
  ArchivedTask(std::shared_ptr<ArchivedRun> run, client::Task task) : run_(std::move(run)), task_(std::move(task)) {}

  const std::shared_ptr<ArchivedRun>& run() const { return run_; }
  const TaskRow& row() const { return task_.row(); }
  std::vector<AttemptRow> attempts() const { return task_.attempts(); }
  /// By name all that it saw when an attempt ended; None when none has.
  py::object artifacts(std::optional<std::int32_t> attempt) const;
  py::object find(const std::string& name, std::optional<std::int32_t> attempt) const;
  std::vector<Metadatum> metadata() const { return task_.metadata(); }
  /// (microseconds, bytes) of what an attempt wrote to "stdout" or "stderr".
  py::list log(std::int32_t attempt, const std::string& stream) const;
  std::vector<ArchivedTask> before() const;
  std::vector<ArchivedTask> after() const;
  /// The task of the run that this one was resumed from, of which it is a clone: its number; 0 when it is none.
  std::int64_t origin_task() const;
  py::list foreachs() const;
  std::optional<std::uint64_t> index() const;

 private:
  std::vector<ArchivedTask> as_tasks(std::vector<client::Task> tasks) const;

  std::shared_ptr<ArchivedRun> run_;
  client::Task task_;
};

/// A run as it was when it was looked up, with the tags that it has or is about to get.
class ArchivedRun : public std::enable_shared_from_this<ArchivedRun> {
 public:
  ArchivedRun(std::shared_ptr<Archive> home, client::Run run);

  const RunRow& row() const { return row_; }
  const client::Run& run() const { return run_; }
  Archive& archive() const { return *home_; }
  const std::shared_ptr<Archive>& home() const { return home_; }
  const Graph& graph();
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
  client::Run run_;
  RunRow row_;  ///< the run's, with the tags that were asked for
  std::optional<Graph> graph_;
};

void bind_reading(py::module_& module);

}  // namespace backlot::python
