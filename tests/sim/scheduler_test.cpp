// The scheduler alone, on simulated time: attempts end as the test says, commits succeed at once.
#include "backlot/engine/scheduler.h"
#include "backlot/store/local/local_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "backlot/base/test_memory_files.h"
#include "backlot/engine/graph_builder.h"
#include "tests/sim/sim_time.h"

namespace backlot::sim {
namespace {

using namespace std::chrono_literals;

/// What an attempt does: it may tell events, and says how it ends.
using Attempt = std::function<Exit(int attempt, LaunchId id, ExecutorEvents& events)>;

class ScriptedExecutor : public Executor {
 public:
  ScriptedExecutor(SimTime& time, Attempt attempt) : time_(time), attempt_(std::move(attempt)) {}
  void set_events(ExecutorEvents* events) override { events_ = events; }
  void launch(Launch&& launch) override {
    int attempt = static_cast<int>(launched.size());
    launched.push_back(time_.monotonic());
    time_.after({}, [this, attempt, id = launch.id] {
      events_->on_started(id, time_.now(), 0);
      events_->on_exit(id, attempt_(attempt, id, *events_));
    });
  }
  void stop(LaunchId, Stop) override {}
  std::vector<std::chrono::nanoseconds> launched;

 private:
  SimTime& time_;
  Attempt attempt_;
  ExecutorEvents* events_ = nullptr;
};

class InstantCommitter : public Committer {
 public:
  explicit InstantCommitter(SimTime& time) : time_(time) {}
  void submit(CommitBatch&& batch, std::function<void(CommitResult)> done) override {
    commits.push_back(std::move(batch.commit));
    time_.after({}, [done = std::move(done)] { done({}); });
  }
  std::vector<Commit> commits;

 private:
  SimTime& time_;
};

Exit exits_with(int code) {
  Exit exit;
  exit.code = code;
  return exit;
}

Exit killed() {
  Exit exit;
  exit.by_signal = true;
  exit.code = SIGKILL;
  return exit;
}

Exit leaves(const Manifest& manifest) {
  Exit exit;
  exit.manifest = encode(manifest);
  return exit;
}

/// A run on one worker.
class SmallRun : RunObserver {
 public:
  SmallRun(Graph graph, Attempt attempt, std::int64_t run_id = 1)
      : executor(time, std::move(attempt)), graph_(std::move(graph)) {
    RunSetup setup{.identity = {"Flow", run_id, 0},
                   .graph = graph_,
                   .parameters = {},
                   .lease = {RunKey(1), 1},
                   .capacity = {},
                   .scratch = "/scratch"};
    scheduler = std::make_unique<Scheduler>(std::move(setup),
                                            RunWorld{executor, committer, time, time, files_, *blobs_, log_, *this});
    scheduler->start([this](const RunResult& r) { result = r; });
  }
  SmallRun& finish() {
    while (!result && time.step()) {}
    return *this;
  }
  std::vector<Duration> waited() const {
    std::vector<Duration> gaps;
    for (std::size_t i = 1; i < executor.launched.size(); ++i) {
      gaps.push_back(std::chrono::duration_cast<Duration>(executor.launched[i] - executor.launched[i - 1]));
    }
    return gaps;
  }
  std::vector<Metadatum> metadata() const {
    std::vector<Metadatum> all;
    for (const Commit& c : committer.commits) all.insert(all.end(), c.metadata.begin(), c.metadata.end());
    return all;
  }
  bool was_waiting(std::string_view why) const {
    return std::any_of(committer.commits.begin(), committer.commits.end(), [&](const Commit& c) {
      return std::any_of(c.tasks.begin(), c.tasks.end(), [&](const TaskRow& t) { return t.waiting == why; });
    });
  }

  SimTime time;
  ScriptedExecutor executor;
  InstantCommitter committer{time};
  std::vector<Duration> told;  ///< delays of retries, as the observer hears of them

 private:
  void on_task(const TaskEvent& event) override {
    if (event.kind == TaskEvent::Kind::retrying) told.push_back(event.delay);
  }
  MemoryFiles files_{time};
  std::unique_ptr<BlobStore> blobs_ = open_local_store(files_, time, "/store");
  LogWriter writer_{files_, "/log"};
  TaskLog log_{writer_, time, 1 << 20, files_, "/scratch"};
  Graph graph_;

 public:
  std::unique_ptr<Scheduler> scheduler;  ///< goes before what it works with
  std::optional<RunResult> result;
};

struct OneStep : SmallRun {
  OneStep(const Retry& retry, Attempt attempt, std::int64_t run_id = 1)
      : SmallRun(graph_with(retry), std::move(attempt), run_id) {}
  static Graph graph_with(const Retry& retry) {
    GraphBuilder builder;
    builder.with(builder.add("only", NodeKind::step)).retry = retry;
    return builder.graph;
  }
};

Exit fails(int, LaunchId, ExecutorEvents&) { return exits_with(3); }

// --- commits --------------------------------------------------------------------------------------------------------

TEST(Commits, gather_what_ends_while_the_worker_has_more_to_do) {
  SmallRun run(foreach_graph(), [](int attempt, LaunchId, ExecutorEvents&) {
    Manifest manifest;
    if (attempt == 0) manifest.next.fan_out = Transition::FanOut{1000, {}};
    return leaves(manifest);
  });
  run.finish();
  EXPECT_EQ(run.result->state, RunState::done);
  EXPECT_EQ(run.result->tasks, 1003);
  EXPECT_LT(run.committer.commits.size(), 100u);
}

TEST(Commits, of_what_the_next_step_waits_for_are_made_at_once) {
  GraphBuilder builder;
  NodeId before = builder.add("first", NodeKind::step);
  for (const char* name : {"second", "third", "fourth", "fifth"}) {
    NodeId step = builder.add(name, NodeKind::step);
    builder.edge(std::exchange(before, step), step);
  }
  SmallRun run(builder.graph, [](int, LaunchId, ExecutorEvents&) { return leaves({}); });
  run.finish();
  EXPECT_EQ(run.result->state, RunState::done);
  EXPECT_LT(run.time.monotonic(), 5ms);
}

// --- retry ----------------------------------------------------------------------------------------------------------

TEST(Retries, each_waits_longer_by_the_backoff) {
  OneStep run({.times = 4, .delay = 100ms, .backoff = 3}, fails);
  run.finish();
  std::vector<Duration> expected{100ms, 300ms, 900ms, 2700ms};
  EXPECT_EQ(run.told, expected);
  EXPECT_EQ(run.waited(), expected);
  EXPECT_TRUE(run.was_waiting("retry in 3 s"));
  EXPECT_EQ(run.result->state, RunState::failed);
}

TEST(Retries, without_a_delay_follow_at_once) {
  OneStep run({.times = 2, .backoff = 5, .jitter = 1}, fails);
  EXPECT_EQ(run.finish().waited(), (std::vector<Duration>{0ms, 0ms}));
}

TEST(Retries, jitter_spreads_to_both_sides_and_no_further) {
  OneStep run({.times = 100, .delay = 1s, .jitter = 0.25}, fails);
  std::vector<Duration> waited = run.finish().waited();
  EXPECT_EQ(waited, run.told);
  ASSERT_EQ(waited.size(), 100u);
  auto [least, most] = std::minmax_element(waited.begin(), waited.end());
  EXPECT_GE(*least, 750ms);
  EXPECT_LE(*least, 800ms);
  EXPECT_GE(*most, 1200ms);
  EXPECT_LE(*most, 1250ms);
}

TEST(Retries, jitter_widens_with_the_delay) {
  OneStep run({.times = 6, .delay = 1s, .backoff = 2, .jitter = 0.1}, fails);
  std::vector<Duration> waited = run.finish().waited();
  ASSERT_EQ(waited.size(), 6u);
  for (std::size_t i = 0; i < waited.size(); ++i) {
    double seconds = std::chrono::duration<double>(waited[i]).count() / static_cast<double>(1 << i);
    EXPECT_GE(seconds, 0.899) << i;
    EXPECT_LE(seconds, 1.1) << i;
  }
}

TEST(Retries, jitter_is_the_same_in_the_same_run_and_another_in_another) {
  const Retry retry{.times = 5, .delay = 1s, .jitter = 0.5};
  std::vector<Duration> first = OneStep(retry, fails, 7).finish().waited();
  EXPECT_EQ(OneStep(retry, fails, 7).finish().waited(), first);
  EXPECT_NE(OneStep(retry, fails, 8).finish().waited(), first);
}

TEST(Retries, only_failures_of_the_named_kinds_are_retried) {
  const Retry retry = Retry{.times = 5}.on({FailureKind::signal});
  EXPECT_EQ(OneStep(retry, fails).finish().executor.launched.size(), 1u);
  OneStep killed_first(retry,
                       [](int attempt, LaunchId, ExecutorEvents&) { return attempt < 2 ? killed() : leaves({}); });
  EXPECT_EQ(killed_first.finish().executor.launched.size(), 3u);
  EXPECT_EQ(killed_first.result->state, RunState::done);
}

TEST(Retries, a_run_that_is_stopped_does_not_wait_for_them) {
  OneStep run({.times = 1, .delay = 1h}, fails);
  while (run.told.empty() && run.time.step()) {}
  run.scheduler->stop(StopRun::finish_running);
  run.finish();
  EXPECT_EQ(run.result->state, RunState::cancelled);
  EXPECT_LT(run.time.monotonic(), 1min);
  EXPECT_EQ(run.executor.launched.size(), 1u);
}

// --- metadata -------------------------------------------------------------------------------------------------------

Manifest last_manifest(const SmallRun& run) {
  for (auto commit = run.committer.commits.rbegin(); commit != run.committer.commits.rend(); ++commit) {
    if (!commit->attempts.empty()) return decode_manifest(commit->attempts.back().manifest);
  }
  return {};
}

TEST(SentMetadata, of_an_attempt_that_dies_is_kept_with_its_failure) {
  OneStep run({}, [](int, LaunchId id, ExecutorEvents& events) {
    events.on_metadata(id, "phase", "loading");
    events.on_metadata(id, "phase", "training");
    events.on_metadata(id, "host", "cut \xff off");
    return killed();
  });
  run.finish();
  ASSERT_EQ(run.metadata().size(), 2u);
  EXPECT_EQ(run.metadata()[0].key + "=" + run.metadata()[0].value, "host=cut \uFFFD off");
  EXPECT_EQ(run.metadata()[1].key + "=" + run.metadata()[1].value, "phase=training");
  EXPECT_EQ(last_manifest(run).metadata.size(), 2u) << "clones take it from here";
}

TEST(SentMetadata, of_an_attempt_that_leaves_a_manifest_is_what_that_says) {
  OneStep run({}, [](int, LaunchId id, ExecutorEvents& events) {
    events.on_metadata(id, "phase", "training");
    Manifest manifest;
    manifest.metadata = {{"phase", "finished"}};
    return leaves(manifest);
  });
  run.finish();
  ASSERT_EQ(run.metadata().size(), 1u);
  EXPECT_EQ(run.metadata()[0].value, "finished");
}

TEST(SentMetadata, belongs_to_its_attempt) {
  OneStep run({.times = 1}, [](int attempt, LaunchId id, ExecutorEvents& events) {
    events.on_metadata(id, attempt == 0 ? "first" : "second", "yes");
    return killed();
  });
  run.finish();
  ASSERT_EQ(run.metadata().size(), 2u);
  EXPECT_EQ(run.metadata()[0].key, "first");
  EXPECT_EQ(run.metadata()[0].attempt, 0);
  EXPECT_EQ(run.metadata()[1].key, "second");
  EXPECT_EQ(run.metadata()[1].attempt, 1);
}

TEST(SentMetadata, without_end_is_cut) {
  OneStep run({}, [](int, LaunchId id, ExecutorEvents& events) {
    for (int i = 0; i < 5000; ++i) events.on_metadata(id, std::to_string(i), std::string(1000, 'x'));
    return killed();
  });
  EXPECT_GT(run.finish().metadata().size(), 900u);
  EXPECT_LT(run.metadata().size(), 1100u);
}

}  // namespace
}  // namespace backlot::sim
