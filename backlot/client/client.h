// Reading back what ran: the front door to flows, runs, steps, tasks and artifacts. Needs no engine.
//
//   Client client(find_home());
//   Run run = client.run(Pathspec::parse("MovieStats/last"));
//   for (const Task& task : run.step("compute").tasks()) use(task.artifact("median").as<double>());
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "backlot/client/pathspec.h"
#include "backlot/client/run.h"
#include "backlot/home/home.h"

namespace backlot::client {

class Client;

/// A flow that has run at least once.
class Flow {
 public:
  Flow(std::shared_ptr<Connection> home, std::string name);
  const std::string& name() const { return name_; }
  std::int64_t run_count() const;
  /// Newest first.
  std::vector<Run> runs(std::size_t limit = 100) const;

 private:
  std::shared_ptr<Connection> home_;
  std::string name_;
};

/// Not thread-safe: one object, and all that it gave, a thread. What it gives keeps the home open; in a process that
/// was forked since, the home is opened anew.
class Client {
 public:
  explicit Client(const Home& home);
  explicit Client(std::shared_ptr<Connection> home);

  const Home& home() const;
  /// By the clock that the home's times are of.
  Micros now() const;
  /// Where the bytes of values are. Valid until close().
  BlobReader& blobs() const;
  /// Closes what is open until it is used again, by this object or by one that it gave.
  void close();

  std::vector<Flow> flows() const;
  /// Throws Error not_found with the nearest name.
  Flow flow(std::string_view name) const;
  /// Newest first.
  std::vector<Run> runs(const RunFilter& filter) const;

  /// What a pathspec names. Throws Error not_found, with the nearest name, and usage when the pathspec is too short
  /// (a run's needs a run) or names a step of many tasks where one is needed.
  Run run(const Pathspec& spec) const;
  /// As it is now; empty: there is none, or it was removed.
  std::optional<Run> find_run(RunKey key) const;
  std::optional<Run> find_run(std::string_view flow, std::int64_t run_id) const;
  Step step(const Pathspec& spec) const;
  Task task(const Pathspec& spec) const;
  /// Also "Flow/run/name", when no step is called so: see Run::artifact.
  Artifact artifact(const Pathspec& spec) const;

  /// The log of a run, also of one that was deleted while clones of its tasks live on; empty when it is gone.
  std::optional<LogReader> log_of(RunKey run) const;

 private:
  friend const std::shared_ptr<Connection>& opened(const Client&);  // of the verbs that change a home: connection.h

  std::optional<Run> as_run(std::optional<RunRow> row) const;

  std::shared_ptr<Connection> home_;
};

}  // namespace backlot::client
