#include "backlot/base/summary_line.h"

#include <gtest/gtest.h>

#include "backlot/base/error.h"

namespace backlot {
namespace {

TEST(SummaryLine, is_the_first_line_and_of_a_list_the_first_of_it) {
  EXPECT_EQ(summary_line("one"), "one");
  EXPECT_EQ(summary_line(""), "");
  EXPECT_EQ(summary_line("no rows\nin b.csv"), "no rows");
  EXPECT_EQ(summary_line("it failed:\n    because\n  of this"), "it failed: because");
  EXPECT_EQ(summary_line("it failed\n  "), "it failed: ");
  const Error listed =
      error_of(ErrorCode::usage, "investigate", {{"lag", "max lag", "it is too long", "shorten it"}, {}});
  EXPECT_EQ(summary_line(listed.message()), "investigate: max lag: it is too long; shorten it [lag]");
}

}  // namespace
}  // namespace backlot
