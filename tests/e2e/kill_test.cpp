// The real thing, killed at random moments. After each kill fsck is clean and no task that was told to be done is lost;
// in the end `resume` arrives at artifacts equal bit for bit to those of a run that nobody disturbed. KILLS=n kills
// more often.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "backlot/catalog/sqlite/open.h"
#include "backlot/client/client.h"
#include "backlot/flow/index_path.h"
#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

using Outcome = std::map<std::string, std::vector<std::string>>;

/// What all finished tasks of the newest run left, by step and path.
Outcome outcome_of(Catalog& catalog, RunKey run) {
  Outcome all;
  catalog.each_finished(run, [&](const TaskRow& task, const AttemptRow& attempt) {
    if (task.state != TaskState::done) return;
    auto& artifacts = all[task.step + IndexPath::from_key(task.path)->text()];
    for (const NamedReference& a : decode_manifest(attempt.manifest).artifacts) {
      artifacts.push_back(a.name + "=" + a.value.identity().hex());
    }
  });
  return all;
}

RunRow newest(Catalog& catalog) { return catalog.runs({}).at(0); }

/// The tasks that a run with --json has told to be done, by step and path.
std::vector<std::string> done_in(const std::string& events) {
  std::vector<std::string> tasks;
  std::istringstream lines(events);
  for (std::string line; std::getline(lines, line);) {
    auto event = nlohmann::json::parse(line, nullptr, false);  // the last one may be cut off
    if (event.is_discarded() || event["event"] != "done") continue;
    tasks.push_back(event["step"].get<std::string>() + event["path"].get<std::string>());
  }
  return tasks;
}

/// Where a kill landed, told by what the catalog knew.
struct Phases {
  int before_run = 0, no_task_done = 0, tasks_done = 0, after_end = 0;
};

TEST(Kill, at_any_moment_loses_nothing_and_resume_ends_in_the_same_artifacts) {
  TempFolder calm, wild;
  auto began = std::chrono::steady_clock::now();
  ASSERT_EQ(run({"steady", "run", "-q", "--pause-ms", "10"}, calm.path()).code, 0);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
  auto calm_catalog = open_sqlite_catalog(calm.path() + "/catalog.sqlite");
  const Outcome expected = outcome_of(*calm_catalog, newest(*calm_catalog).key);
  ASSERT_EQ(expected.size(), 1u + 12 + 36 + 12 + 1 + 2 + 1);

  const char* wanted = std::getenv("KILLS");
  const int kills = wanted ? std::atoi(wanted) : 25;
  std::mt19937 random(7);
  Phases phases;
  bool resume = false;
  std::size_t told = 0;
  for (int i = 0; i < kills; ++i) {
    std::vector<std::string> words{"steady", "run", "--json", "--pause-ms", "10"};
    if (resume) words = {"steady", "resume", "--json"};
    ChildProgram program(words, wild.path());
    std::this_thread::sleep_for(std::chrono::microseconds(random() % static_cast<unsigned>(took.count())));
    program.signal(SIGKILL);
    std::vector<std::string> done = done_in(program.wait().out);
    told += done.size();
    Ended checked = run({"backlot", "fsck"}, wild.path());
    ASSERT_EQ(checked.code, 0) << "kill " << i << ": " << checked.out << checked.err;

    auto catalog = open_sqlite_catalog(wild.path() + "/catalog.sqlite");
    auto runs = catalog->runs({});
    if (runs.empty()) {
      ASSERT_TRUE(done.empty());
      ++phases.before_run;
      continue;
    }
    Outcome got = outcome_of(*catalog, runs[0].key);
    for (auto& [task, artifacts] : got) ASSERT_EQ(artifacts, expected.at(task)) << task;
    for (const std::string& task : done) ASSERT_TRUE(got.contains(task)) << task << " was told to be done and is lost";
    ++(runs[0].state == RunState::done ? phases.after_end : got.empty() ? phases.no_task_done : phases.tasks_done);
    // A killed resume may have died before it had cloned anything: then its origin is the better one to go on with.
    resume = runs[0].state != RunState::done;
  }
  std::printf(
      "kills landed: %d before the run existed, %d before a task was done, %d with tasks done, %d after the end\n",
      phases.before_run, phases.no_task_done, phases.tasks_done, phases.after_end);
  EXPECT_GT(phases.tasks_done, 0);
  EXPECT_GT(told, 0u);
  Ended last = run({"steady", resume ? "resume" : "run", "-q"}, wild.path());
  ASSERT_EQ(last.code, 0) << last.err;
  auto catalog = open_sqlite_catalog(wild.path() + "/catalog.sqlite");
  EXPECT_EQ(outcome_of(*catalog, newest(*catalog).key), expected);
  EXPECT_EQ(run({"backlot", "fsck", "--verify"}, wild.path()).code, 0);
  for (int i = 0; i < 1000 && !processes_of(wild.path()).empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(processes_of(wild.path()).empty()) << "a task outlived its scheduler";
}

}  // namespace
}  // namespace backlot::e2e
