#include "backlot/client/pathspec.h"

#include <gtest/gtest.h>

#include "backlot/base/error.h"

namespace backlot {
namespace {

TEST(Pathspec, every_prefix_reads_and_writes_itself) {
  for (std::string text : {"MovieStats", "MovieStats/last", "MovieStats/1763829152123456", "F/7/compute",
                           "F/7/compute/17", "F/7/compute/[3.17]", "F/7/train/[@1]", "F/7/tune/[3@1]", "F/7/start/[]",
                           "F/7/end/result", "F/7/compute/17/median", "F/last/compute/[3]/median"}) {
    EXPECT_EQ(Pathspec::parse(text).text(), text);
  }
}

TEST(Pathspec, parts_have_their_types) {
  Pathspec p = Pathspec::parse("F/7/s/[3@1]/x");
  EXPECT_EQ(std::get<std::int64_t>(*p.run), 7);
  EXPECT_EQ(std::get<IndexPath>(*p.task), IndexPath::parse("[3@1]"));
  EXPECT_EQ(p.artifact, "x");
  p = Pathspec::parse("F/last/s/x");
  EXPECT_TRUE(std::holds_alternative<LastRun>(*p.run));
  EXPECT_FALSE(p.task);
  EXPECT_EQ(p.artifact, "x");
  EXPECT_EQ(Pathspec::parse("F/7/s/"), Pathspec::parse("F/7/s"));
}

TEST(Pathspec, what_is_no_pathspec_is_refused_with_the_part_that_is_wrong) {
  for (std::string text : {"", "/", "F//s", "F/first", "F/-7", "F/0", "F/7x", "F/99999999999999999999", "F/7/s/[3",
                           "F/7/s/17x", "F/7/s/[a]", "F/7/s/x/y", "F/7/s/1/x/y", "F/7/s/1/2/3", "/F"}) {
    try {
      Pathspec::parse(text);
      ADD_FAILURE() << text;
    } catch (const Error& e) { EXPECT_EQ(e.code(), ErrorCode::usage); }
  }
}

}  // namespace
}  // namespace backlot
