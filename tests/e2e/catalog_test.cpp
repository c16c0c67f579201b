// The catalog under a run: deleted, replaced; and what a scheduler that is gone leaves in it.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "backlot/catalog/sqlite/open.h"
#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

class CatalogUnderARun : public testing::Test {
 protected:
  std::string path() const { return home.path() + "/catalog.sqlite"; }
  void wait_for_tasks(int done) {
    for (int i = 0; i < 4000; ++i) {
      if (std::filesystem::exists(path())) {
        auto runs = open_sqlite_catalog(path())->runs({});
        if (!runs.empty() && runs[0].state == RunState::running && runs[0].tasks_done >= done) return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL() << "the run does not come so far";
  }
  void remove_catalog() {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path() + suffix);
  }
  std::string sum() { return run({"backlot", "get", "Steady/last/end/sum"}, home.path()).out; }
  TempFolder home;
};

TEST_F(CatalogUnderARun, deleted_or_replaced_stops_the_run_and_is_rescued) {
  ASSERT_EQ(run({"steady", "run", "-q"}, home.path()).code, 0);
  const std::string expected = sum();
  for (bool replaced : {false, true}) {
    ChildProgram steady({"steady", "run", "-q", "--pause-ms", "300"}, home.path());
    wait_for_tasks(10);
    remove_catalog();
    if (replaced) open_sqlite_catalog(path());
    Ended end = steady.wait();
    EXPECT_EQ(end.code, 1) << end.err;
    EXPECT_PRED2(contains, end.err, replaced ? "was replaced by another file" : "was deleted");
    std::size_t at = end.err.find(path() + ".rescued-");
    ASSERT_NE(at, std::string::npos) << end.err;
    std::string rescued = end.err.substr(at, end.err.find(':', at) - at);
    // Nothing makes a new catalog in its place, or takes what it names for what nobody needs.
    if (!replaced) { EXPECT_PRED2(contains, run({"backlot", "list"}, home.path()).err, "`backlot fsck --rescue`"); }
    EXPECT_NE(run({"backlot", "gc", "--trash-age", "0s"}, home.path()).code, 0);
    EXPECT_NE(run({"backlot", "fsck"}, home.path()).code, 0);
    Ended put = run({"backlot", "fsck", "--rescue"}, home.path());
    EXPECT_EQ(put.code, 0) << put.err;
    EXPECT_FALSE(std::filesystem::exists(rescued));
    EXPECT_EQ(run({"backlot", "fsck"}, home.path()).code, 0);
    EXPECT_NE(run({"backlot", "fsck", "--rescue"}, home.path()).code, 0) << "once";
    Ended resumed = run({"steady", "resume", "--pause-ms", "1"}, home.path());
    EXPECT_EQ(resumed.code, 2) << "parameters are those of the origin";
    resumed = run({"steady", "resume"}, home.path());
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_PRED2(contains, resumed.err, "tasks were kept from");
    EXPECT_EQ(sum(), expected);
  }
}

TEST_F(CatalogUnderARun, is_one_file_when_the_run_has_ended) {
  ASSERT_EQ(run({"steady", "run", "-q"}, home.path()).code, 0);
  EXPECT_EQ(std::filesystem::file_size(path() + "-wal"), 0u);
}

TEST_F(CatalogUnderARun, a_lost_run_can_be_cancelled_and_collected) {
  for (bool cancelled : {true, false}) {
    {
      ChildProgram steady({"steady", "run", "-q", "--pause-ms", "300"}, home.path());
      wait_for_tasks(5);
      steady.signal(SIGKILL);
      steady.wait();
    }
    EXPECT_PRED2(contains, run({"backlot", "list"}, home.path()).out, "lost");
    EXPECT_EQ(run({"backlot", "gc"}, home.path()).code, 0);
    EXPECT_PRED2(contains, run({"backlot", "list"}, home.path()).out, "lost") << "never without a policy";
    if (cancelled) {
      EXPECT_EQ(run({"backlot", "cancel", "Steady/last"}, home.path()).code, 0);
      EXPECT_PRED2(contains, run({"backlot", "list"}, home.path()).out, "cancelled");
      EXPECT_EQ(run({"steady", "resume", "-q"}, home.path()).code, 0);
      EXPECT_EQ(run({"backlot", "fsck"}, home.path()).code, 0);
    }
    Ended collected = run({"backlot", "gc", "--keep-newest", "0"}, home.path());
    EXPECT_EQ(collected.code, 0) << collected.err;
    EXPECT_EQ(run({"backlot", "list", "--json"}, home.path()).out.find("Steady"), std::string::npos);
    EXPECT_EQ(run({"backlot", "fsck"}, home.path()).code, 0);
  }
}

}  // namespace
}  // namespace backlot::e2e
