#include "backlot/base/nearest.h"

#include <gtest/gtest.h>

namespace backlot {
namespace {

TEST(Nearest, distance_counts_edits) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("rows", "rows"), 0u);
  EXPECT_EQ(edit_distance("rows", "row"), 1u);
  EXPECT_EQ(edit_distance("rows", "rwos"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(Nearest, finds_what_was_meant_and_nothing_far) {
  std::vector<std::string> known{"rows", "columns", "seed"};
  EXPECT_EQ(nearest("row", known), "rows");
  EXPECT_EQ(nearest("colunms", known), "columns");
  EXPECT_EQ(nearest("zebra", known), std::nullopt);
  EXPECT_EQ(nearest("x", {"y"}), "y");
  EXPECT_EQ(nearest("rows", {}), std::nullopt);
}

TEST(Nearest, suggestion_lists_names_when_nothing_is_near) {
  EXPECT_EQ(suggestion("sed", {"rows", "seed"}), "did you mean seed?");
  EXPECT_EQ(suggestion("zebra", {"rows", "seed"}), "one of rows, seed");
  EXPECT_EQ(suggestion("zebra", {}), "");
}

}  // namespace
}  // namespace backlot
