// Ranges, pools, environments, and machines that are not like others.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "backlot/catalog/sqlite/open.h"
#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

class Corners : public testing::Test {
 protected:
  std::string program(const std::string& name) const { return std::string(PROGRAMS) + "/" + name; }
  bool is_at_work() const {
    if (!std::filesystem::exists(home.path() + "/catalog.sqlite")) return false;
    auto catalog = open_sqlite_catalog(home.path() + "/catalog.sqlite");
    auto runs = catalog->runs({});
    if (runs.empty()) return false;
    auto steps = catalog->steps(runs[0].key);
    return std::any_of(steps.begin(), steps.end(), [](auto& s) { return s.step == "work" && s.running > 0; });
  }
  testing::AssertionResult comes_to_work(ChildProgram& running) const {
    for (int i = 0; i < 2000 && !is_at_work() && !running.ended(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (is_at_work()) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "no task is at work; it said:\n" << running.wait(0).err;
  }
  TempFolder home;
};

TEST_F(Corners, of_a_range_that_crashes_only_the_culprit_fails) {
  Ended end = run({"corners", "run", "Ranged", "--culprit", "57"}, home.path());
  EXPECT_EQ(end.code, 1);
  EXPECT_PRED2(contains, end.err, "work/[57]: killed by signal 6");
  auto catalog = open_sqlite_catalog(home.path() + "/catalog.sqlite");
  RunRow last = catalog->runs({}).at(0);
  EXPECT_EQ(last.tasks_failed, 1);
  EXPECT_EQ(run({"corners", "run", "Ranged"}, home.path()).code, 0);
  EXPECT_EQ(run({"backlot", "get", "Ranged/last/join/sum"}, home.path()).out, "19900\n");
  EXPECT_PRED2(contains, run({"backlot", "show", "Ranged/last/work/[57]", "--json"}, home.path()).out,
               "\"label\": \"57\"");
}

TEST_F(Corners, a_resume_runs_pure_items_in_ranges_too) {
  auto processes = [&] { return std::stoi(run({"backlot", "get", "Ranged/last/join/processes"}, home.path()).out); };
  EXPECT_EQ(run({"corners", "run", "Ranged", "--width", "400"}, home.path()).code, 0);
  EXPECT_LT(processes(), 400) << "without ranges each item has its own; how many a range takes depends on the machine";
  EXPECT_EQ(run({"corners", "resume", "Ranged", "work"}, home.path()).code, 0);
  EXPECT_LT(processes(), 400);
  EXPECT_EQ(run({"backlot", "get", "Ranged/last/join/sum"}, home.path()).out, "79800\n");
  // A part of them has finished: of those that have not, and that lie between, too.
  EXPECT_EQ(run({"corners", "run", "Ranged", "--width", "400", "--culprit", "3"}, home.path()).code, 1);
  EXPECT_EQ(run({"corners", "resume", "Ranged"}, home.path()).code, 1) << "the culprit is what it was";
  auto catalog = open_sqlite_catalog(home.path() + "/catalog.sqlite");
  EXPECT_EQ(catalog->runs({}).at(0).tasks_failed, 1);
}

TEST_F(Corners, with_keep_going_all_but_what_depends_on_the_failure_runs) {
  Ended end = run({"corners", "run", "Ranged", "--width", "300", "--culprit", "3", "--keep-going"}, home.path());
  EXPECT_EQ(end.code, 1);
  EXPECT_PRED2(contains, end.err, "work/[3]: killed by signal 6");
  auto catalog = open_sqlite_catalog(home.path() + "/catalog.sqlite");
  RunRow last = catalog->runs({}).at(0);
  EXPECT_EQ(last.state, RunState::failed);
  EXPECT_EQ(last.tasks_failed, 1);
  EXPECT_EQ(last.tasks_done, 300) << "start and 299 items";
  EXPECT_EQ(last.tasks, 301) << "the join was not started";
  EXPECT_EQ(run({"corners", "resume", "Ranged", "--keep-going"}, home.path()).code, 1);
  EXPECT_EQ(catalog->runs({}).at(0).tasks_done, 300);
  EXPECT_EQ(run({"corners", "run", "Ranged", "--keep-going"}, home.path()).code, 0);
  EXPECT_EQ(run({"corners", "run", "Ranged", "--keep-going", "--cancel-on-failure"}, home.path()).code, 2);
}

TEST_F(Corners, a_pool_of_one_place_lets_one_in_and_an_environment_is_one_steps_own) {
  Ended end = run({"corners", "run", "Guarded", "--max-workers", "4"}, home.path());
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_PRED2(contains, end.out, "alone yes");
  EXPECT_PRED2(contains, run({"corners", "run", "Guarded", "--max-workers", "4", "--pool", "door=4"}, home.path()).out,
               "together yes");
}

TEST_F(Corners, every_task_can_have_a_process_made_from_nothing) {
  Ended end = run({"steady", "run", "--width", "3"}, home.path(), {{"BACKLOT_FRESH", "1"}});
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_PRED2(contains, end.err, "BACKLOT_FRESH");
}

TEST_F(Corners, a_task_that_stops_what_starts_tasks_ends_the_run_which_can_be_resumed) {
  Ended end = run({"corners", "run", "Stopping"}, home.path());
  EXPECT_EQ(end.code, 1);
  EXPECT_PRED2(contains, end.err, "did not answer and was killed");
  EXPECT_EQ(processes_of(home.path()), std::vector<pid_t>());
  EXPECT_EQ(run({"corners", "resume", "Stopping"}, home.path(), {{"SPARE_THE_SERVER", "1"}}).code, 0);
  EXPECT_EQ(run({"backlot", "get", "Stopping/last/value"}, home.path()).out, "2\n");
}

TEST_F(Corners, of_a_log_above_its_cap_the_first_and_the_last_are_kept_and_everyone_says_so) {
  // 20,000 lines are 228,894 bytes.
  Ended end = run({"corners", "run", "Flooding", "--max-log-size", "10K", "--fail", "true"}, home.path());
  EXPECT_EQ(end.code, 1);
  EXPECT_PRED2(contains, end.out, "line 10000\n") << "while it runs all of it is printed";
  EXPECT_PRED2(contains, end.err, " bytes of its log were left out");
  const std::string log = run({"backlot", "logs", "Flooding/last/start", "--stream", "out"}, home.path()).out;
  EXPECT_PRED2(contains, log, "line 1\n");
  EXPECT_PRED2(contains, log, "line 20000\n");
  EXPECT_EQ(log.find("line 10000\n"), std::string::npos);
  EXPECT_PRED2(contains, log, "lines were left out here");
  EXPECT_LT(log.size(), 11'000u + 10 * 1000) << "with the names of tasks before the lines";
  const std::string pieces = run({"backlot", "logs", "Flooding/last/start", "--json"}, home.path()).out;
  EXPECT_PRED2(contains, pieces, "\"left_out\":{\"bytes\":");
  EXPECT_PRED2(contains, run({"backlot", "show", "Flooding/last/start/[]"}, home.path()).out, ", left out ");
  EXPECT_PRED2(contains, run({"backlot", "show", "Flooding/last/start/[]", "--json"}, home.path()).out,
               "\"dropped_bytes\": ");
  EXPECT_PRED2(contains, run({"backlot", "list", "Flooding/last/start"}, home.path()).out, " of its log were left out");
  EXPECT_EQ(run({"corners", "run", "Flooding", "--max-log-size", "0"}, home.path()).code, 2);
  EXPECT_EQ(run({"corners", "run", "Flooding"}, home.path()).code, 0);
  EXPECT_EQ(run({"backlot", "logs", "Flooding/last/start"}, home.path()).out.find("left out"), std::string::npos);
}

TEST_F(Corners, as_the_first_process_of_a_container) {
  std::vector<std::string> in_namespace{"/usr/bin/unshare", "--fork", "--pid", "--mount-proc"};
  if (run({"/usr/bin/unshare", "--fork", "--pid", "--mount-proc", "/bin/true"}, home.path()).code != 0) {
    GTEST_SKIP() << "needs the right to make namespaces";
  }
  in_namespace.insert(in_namespace.end(), {program("chaos"), "run", "Caught", "--items", "leave_child:50", "--items",
                                           "segfault", "--items", "ok"});
  Ended end = run(in_namespace, home.path());
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_EQ(run({"backlot", "fsck"}, home.path()).code, 0);
}

TEST_F(Corners, without_shared_memory) {
  std::string script = "mount -t tmpfs -o ro none /dev/shm && " + program("steady") + " run -q --width 3";
  if (run({"/usr/bin/unshare", "-m", "/bin/sh", "-c", "mount -t tmpfs -o ro none /dev/shm"}, home.path()).code != 0) {
    GTEST_SKIP() << "needs the right to make namespaces";
  }
  EXPECT_EQ(run({"/usr/bin/unshare", "-m", "/bin/sh", "-c", script}, home.path()).code, 0);
}

class Terminations : public Corners, public testing::WithParamInterface<int> {};

TEST_P(Terminations, let_running_tasks_end_and_the_run_be_resumed) {
  ChildProgram running({"chaos", "run", "Chaos", "--max-workers", "1", "--items", "sleep:1", "--items", "ok"},
                       home.path());
  ASSERT_TRUE(comes_to_work(running));
  running.signal(GetParam());
  EXPECT_EQ(running.wait(15).code, 1);
  auto catalog = open_sqlite_catalog(home.path() + "/catalog.sqlite");
  RunRow run_row = catalog->runs({}).at(0);
  EXPECT_EQ(run_row.state, RunState::cancelled);
  EXPECT_EQ(run_row.tasks_done, 2) << "start and the task that ran";
  EXPECT_EQ(run({"chaos", "resume", "Chaos"}, home.path()).code, 0);
}

TEST_P(Terminations, wait_ten_seconds_and_no_longer) {
  ChildProgram running({"chaos", "run", "Chaos", "--items", "sleep:1000"}, home.path());
  ASSERT_TRUE(comes_to_work(running));
  running.signal(GetParam());
  EXPECT_EQ(running.wait(60).code, 1);
  auto catalog = open_sqlite_catalog(home.path() + "/catalog.sqlite");
  EXPECT_EQ(catalog->runs({}).at(0).state, RunState::cancelled);
  EXPECT_EQ(catalog->task(catalog->runs({}).at(0).key, 2)->state, TaskState::cancelled);
}

INSTANTIATE_TEST_SUITE_P(Signals, Terminations, testing::Values(SIGTERM, SIGHUP),
                         [](const auto& one) { return one.param == SIGTERM ? "SIGTERM" : "SIGHUP"; });

TEST_F(Corners, nohup_keeps_a_run_going) {
  std::string script = "trap '' HUP; exec " + program("chaos") + " run Chaos --items sleep:1";
  ChildProgram running({"/bin/sh", "-c", script}, home.path());
  ASSERT_TRUE(comes_to_work(running));
  running.signal(SIGHUP);
  EXPECT_EQ(running.wait(15).code, 0);
}

TEST_F(Corners, metadata_of_an_attempt_that_is_killed_is_kept) {
  EXPECT_EQ(run({"corners", "run", "Attached"}, home.path()).code, 0);
  auto catalog = open_sqlite_catalog(home.path() + "/catalog.sqlite");
  std::vector<Metadatum> kept = catalog->metadata(catalog->runs({}).at(0).key, 1);
  ASSERT_EQ(kept.size(), 3u);
  for (int attempt = 0; attempt < 3; ++attempt) {
    const Metadatum& m = kept[static_cast<std::size_t>(attempt)];
    EXPECT_EQ(m.attempt, attempt);
    EXPECT_EQ(m.key, "phase");
    EXPECT_EQ(m.value, "attempt " + std::to_string(attempt));
  }
}

TEST_F(Corners, nobody_may_write_here) {
  if (geteuid() == 0) {
    Ended end = run({"/bin/sh", "-c", "exec " + program("movie_stats") + " run --movies-json x"}, "/proc/nothing");
    EXPECT_EQ(end.code, 1);
    EXPECT_PRED2(contains, end.err, "/proc/nothing");
    return;
  }
  std::filesystem::permissions(home.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  Ended end = run({"steady", "run"}, home.path());
  EXPECT_EQ(end.code, 1);
  EXPECT_PRED2(contains, end.err, "Permission denied");
}

}  // namespace
}  // namespace backlot::e2e
