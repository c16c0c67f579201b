// A home with runs in it, written as a scheduler would: for the tests of client, verbs and cli.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "backlot/base/identity.h"
#include "backlot/base/log_segments.h"
#include "backlot/client/client.h"
#include "backlot/client/connection.h"
#include "backlot/flow/test_edges.h"
#include "backlot/value/codec.h"

namespace backlot::client {

/// Time that the test sets.
class TestClock : public Clock {
 public:
  Micros now() override { return time; }
  std::chrono::nanoseconds monotonic() override { return std::chrono::microseconds(time); }
  Micros time = 1'700'000'000'000'000;
};

/// An empty home in a temporary folder, removed at the end. `clock` is the catalog's and the client's; the store's
/// times are the file system's, which are real.
class TestHome {
 public:
  /// In memory where there is a place for it: these tests are not about what survives a crash.
  TestHome() : TestHome(std::filesystem::exists("/dev/shm") ? "/dev/shm/" : testing::TempDir()) {}
  explicit TestHome(const std::string& place) {
    static int count = 0;
    home_.root = place + "backlot." + std::to_string(getpid()) + "." + std::to_string(count++);
    std::filesystem::create_directories(home_.root);
    connection_ = std::make_shared<Connection>(home_, system_files(), clock);
  }
  ~TestHome() {
    connection_.reset();
    std::filesystem::remove_all(home_.root);
  }
  TestHome(const TestHome&) = delete;

  const Home& home() const { return home_; }
  Client client() const { return Client(connection_); }
  Catalog& catalog() const { return connection_->catalog(); }
  BlobStore& store() const { return connection_->store(); }

  template <class T>
  NamedReference value(std::string name, const T& of) const {
    ValueSaver saver(store());
    NamedReference named{std::move(name), codec::save_value(of, saver)};
    Reference* saved[] = {&named.value};
    saver.finish(saved);
    return named;
  }

  TestClock clock;

 private:
  Home home_;
  std::shared_ptr<Connection> connection_;
};

/// start -> items (foreach) { compute } -> collect -> end
inline Graph fan_out_graph() {
  Graph graph;
  graph.nodes = {{.name = "start"},
                 {.name = "items", .kind = NodeKind::foreach, .match = NodeId(3)},
                 {.name = "compute", .inside = NodeId(1)},
                 {.name = "collect", .kind = NodeKind::join, .match = NodeId(1)},
                 {.name = "end"}};
  graph.edges = edges_of({{0, 1}, {1, 2}, {2, 3}, {3, 4}});
  return graph;
}

/// Writes one run, task by task.
class RunScript {
 public:
  explicit RunScript(TestHome& home, std::string flow = "Flow", const Graph& graph = fan_out_graph(),
                     std::vector<NamedReference> parameters = {}, RunKey origin = no_run,
                     std::vector<std::string> tags = {}, std::string code = {})
      : home_(home) {
    NewRun run;
    run.flow = std::move(flow);
    run.run_id = run.now = home.clock.time;
    run.user = current_user();
    run.host = "here";
    run.graph = encode(graph);
    run.parameters = std::move(parameters);
    run.origin = origin;
    run.tags = std::move(tags);
    run.code = std::move(code);
    std::tie(row_, lease_) = home.catalog().create_run(run, "here/1/boot");
  }

  /// As a scheduler that lives does.
  std::unique_ptr<FileLock> hold() const {
    system_files().make_directories(home_.home().run(row_.flow, row_.run_id));
    return system_files().try_lock(home_.home().lease(row_.flow, row_.run_id));
  }

  const RunRow& row() const { return row_; }
  std::string pathspec() const { return row_.flow + "/" + std::to_string(row_.run_id); }
  std::string log_folder() const { return home_.home().log(row_.flow, row_.run_id); }

  /// One task that ended; returns its number.
  std::int64_t task(const std::string& step, const std::string& path, std::vector<NamedReference> artifacts = {},
                    std::optional<Failure> failure = {}, LogIndex log = {}) {
    TaskRow task;
    task.number = ++tasks_;
    task.step = step;
    task.path = IndexPath::parse(path).value().key();
    task.state = failure ? TaskState::failed : TaskState::done;
    task.attempts = 1;
    task.ready = task.started = home_.clock.time;
    task.ended = home_.clock.time += 1'000'000;
    AttemptRow attempt;
    attempt.task = task.number;
    attempt.state = task.state;
    attempt.started = task.started;
    attempt.ended = task.ended;
    attempt.log = log;
    Manifest manifest;
    manifest.failure = std::move(failure);
    std::sort(artifacts.begin(), artifacts.end(), [](auto& a, auto& b) { return a.name < b.name; });
    manifest.own = static_cast<std::uint32_t>(artifacts.size());
    manifest.artifacts = std::move(artifacts);
    attempt.manifest = encode(manifest);
    Commit commit;
    commit.tasks = {task};
    commit.attempts = {attempt};
    this->commit(std::move(commit));
    return task.number;
  }

  void clone(RunKey from, std::int64_t origin_task, std::int64_t parents = 0) {
    Commit commit;
    commit.clone_from = from;
    commit.clones = {{origin_task, ++tasks_, parents}};
    this->commit(std::move(commit));
  }

  void end(RunState state = RunState::done) {
    Commit commit;
    commit.run_state = state;
    this->commit(std::move(commit));
  }

  void commit(Commit commit) {
    commit.lease = lease_;
    commit.now = home_.clock.time;
    home_.catalog().commit(commit);
  }

 private:
  TestHome& home_;
  RunRow row_;
  Lease lease_;
  std::int64_t tasks_ = 0;
};

}  // namespace backlot::client
