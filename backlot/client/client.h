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

namespace backlot::client {

class Client;

/// A flow that has run at least once.
class Flow {
 public:
  Flow(ConnectionPtr home, std::string name);
  const std::string& name() const { return name_; }
  /// Newest first.
  std::vector<Run> runs(std::size_t limit = 100) const;

 private:
  ConnectionPtr home_;
  std::string name_;
};

/// Not thread-safe: one object, and all that it gave, a thread. What it gives keeps the home open.
class Client {
 public:
  explicit Client(const Home& home);
  explicit Client(ConnectionPtr home);

  const ConnectionPtr& connection() const { return home_; }
  const Home& home() const { return home_->home; }

  std::vector<Flow> flows() const;
  /// Throws Error not_found with the nearest name.
  Flow flow(std::string_view name) const;
  /// Newest first.
  std::vector<Run> runs(const RunFilter& filter) const;

  /// What a pathspec names. Throws Error not_found, with the nearest name, and usage when the pathspec is too short
  /// (a run's needs a run) or names a step of many tasks where one is needed.
  Run run(const Pathspec& spec) const;
  /// The same run as it is now; empty when it was removed.
  std::optional<Run> run(const Run& earlier) const;
  Step step(const Pathspec& spec) const;
  Task task(const Pathspec& spec) const;
  /// Also "Flow/run/name", when no step is called so: see Run::artifact.
  Artifact artifact(const Pathspec& spec) const;

 private:
  ConnectionPtr home_;
};

}  // namespace backlot::client
