// What the scheduler noted of which task led to which is what a search through the graph finds: in runs, resumed runs,
// runs of an edited flow, and where tasks were taken from the step cache.
#include <gtest/gtest.h>

#include "backlot/catalog/sqlite/open.h"
#include "backlot/client/backward_search.h"
#include "backlot/client/lineage.h"
#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

class Lineage : public testing::Test {
 protected:
  /// All tasks of all runs in the home. Returns how many there are.
  int check() {
    auto catalog = open_sqlite_catalog(home.path() + "/catalog.sqlite");
    int tasks = 0;
    for (const RunRow& run : catalog->runs({})) {
      const Graph graph = decode_graph(catalog->graph(run.key));
      std::uint64_t led_to = 0, came_from = 0;
      for (const TaskRow& task : catalog->tasks(run.key, "", 0, 10'000)) {
        const std::string who = address(run, task);
        EXPECT_EQ(task.parents, client::find_parents(*catalog, run.key, graph, task)) << who;
        const auto before = client::parents(*catalog, run.key, graph, task);
        EXPECT_EQ(client::count_parents(*catalog, run.key, graph, task), before.size()) << who;
        came_from += before.size();
        led_to += client::children(*catalog, run.key, graph, task).size();
        ++tasks;
      }
      EXPECT_EQ(led_to, came_from) << address(run);
    }
    return tasks;
  }
  TempFolder home;
};

TEST_F(Lineage, of_runs_and_of_resumes_of_edited_flows) {
  for (const char* version :
       {"as_it_was", "other_list", "swapped", "choose_inserted", "step_inserted", "other_start"}) {
    for (const char* mode : {"b", "c"}) {
      ASSERT_EQ(run({"edited", "run", "--mode", mode}, home.path(), {{"EDIT", "as_it_was"}, {"FAILS", "1"}}).code, 1);
      ASSERT_EQ(run({"edited", "resume"}, home.path(), {{"EDIT", version}}).code, 0);
      ASSERT_EQ(run({"edited", "resume", "end"}, home.path(), {{"EDIT", version}}).code, 0);
    }
  }
  EXPECT_GT(check(), 300);
}

TEST_F(Lineage, of_ranges_that_were_cloned_and_of_tasks_from_the_cache) {
  ASSERT_EQ(run({"corners", "run", "Ranged", "--culprit", "57", "--keep-going"}, home.path()).code, 1);
  ASSERT_EQ(run({"corners", "resume", "Ranged", "--keep-going"}, home.path()).code, 1);
  ASSERT_EQ(run({"corners", "run", "Ranged"}, home.path()).code, 0);
  ASSERT_EQ(run({"corners", "resume", "Ranged", "join"}, home.path()).code, 0);
  ASSERT_EQ(run({"cached", "run"}, home.path()).code, 0);
  ASSERT_EQ(run({"cached", "run"}, home.path()).code, 0);
  EXPECT_GT(check(), 700);
}

}  // namespace
}  // namespace backlot::e2e
