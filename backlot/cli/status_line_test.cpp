#include "backlot/cli/status_line.h"

#include <gtest/gtest.h>

#include "backlot/cli/terminal.h"
#include "backlot/engine/graph_builder.h"

namespace backlot::cli {
namespace {

/// foreach_graph(): start, items (the foreach), body, join, end.
struct Line {
  Graph graph = foreach_graph();
  std::vector<StepCount> steps = std::vector<StepCount>(5);
  std::string text(std::size_t columns = 0) const { return status_line("Flow/7", graph, steps, "3 s", columns); }
};

TEST(StatusLine, tells_what_has_begun) {
  Line line;
  EXPECT_EQ(line.text(), "Flow/7   3 s");
  line.steps[0] = {.total = 1, .running = 1};
  EXPECT_EQ(line.text(), "Flow/7   start …   3 s");
  line.steps[0] = {.total = 1, .done = 1};
  line.steps[2] = {.total = 12, .running = 2, .done = 5, .failed = 1};
  EXPECT_EQ(line.text(), "Flow/7   start ✓   body ▕████░░░░░░▏ 5/12 1 ✗   3 s");
  line.steps[4] = {.total = 1, .failed = 1};
  EXPECT_EQ(line.text(), "Flow/7   start ✓   body ▕████░░░░░░▏ 5/12 1 ✗   end ✗   3 s");
}

TEST(StatusLine, of_a_lone_task_tells_its_progress_on_one_line) {
  Line line;
  line.steps[0] = {.total = 1, .running = 1, .share = 0.417, .note = "epoch\n3\033[2J"};
  EXPECT_EQ(line.text(), "Flow/7   start 42 % epoch?3?[2J   3 s");
}

TEST(StatusLine, tells_how_long_a_task_waits_to_be_tried_again) {
  Line line;
  line.steps[0] = {.total = 1, .retry_in = 118};
  line.steps[2] = {.total = 4, .running = 1, .done = 1, .retry_in = 12};
  EXPECT_EQ(line.text(), "Flow/7   start retry in 1 m 58 s   body ▕██░░░░░░░░▏ 1/4 retry in 12 s   3 s");
}

TEST(StatusLine, drops_what_is_over_before_it_cuts_what_is_not) {
  Line line;
  line.steps[0] = {.total = 1, .done = 1};
  line.steps[2] = {.total = 4, .done = 4};
  line.steps[3] = {.total = 1, .done = 1};
  line.steps[4] = {.total = 1, .running = 1};
  EXPECT_EQ(line.text(80), "Flow/7   start ✓   body ▕██████████▏ 4/4   join ✓   end …   3 s");
  EXPECT_EQ(line.text(60), "Flow/7   …   body ▕██████████▏ 4/4   join ✓   end …   3 s");
  EXPECT_EQ(line.text(40), "Flow/7   …   join ✓   end …   3 s");
  EXPECT_EQ(line.text(28), "Flow/7   …   end …   3 s");
  EXPECT_EQ(line.text(20), "Flow/7   …   end …  ");
}

TEST(StatusLine, never_is_wider_than_it_may_be) {
  Line line;
  line.steps[0] = {.total = 1, .done = 1};
  line.steps[2] = {.total = 100, .running = 3, .done = 50};
  line.steps[4] = {.total = 1, .running = 1, .share = 0.5, .note = "数据已加载 ✓"};
  for (std::size_t columns = 1; columns < 100; ++columns) EXPECT_LE(columns_of(line.text(columns)), columns);
}

TEST(Columns, wide_characters_take_two) {
  EXPECT_EQ(columns_of("start ✓ ▕█░▏…"), 13u);
  EXPECT_EQ(columns_of("数据"), 4u);
  EXPECT_EQ(cut_to_columns("a数据", 4), "a数");
  EXPECT_EQ(cut_to_columns("a数据", 5), "a数据");
}

}  // namespace
}  // namespace backlot::cli
