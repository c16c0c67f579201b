#include "backlot/flow/noted_reads.h"

#include <gtest/gtest.h>

#include "backlot/value/codec.h"

namespace backlot {
namespace {

Reference number(std::int64_t n) { return Reference::inlined(TypeTag::integer, encode_value(n).raw()); }

/// A join of three branches that see x as 0, 1, 2; y is known to the split, and to branch 1 by another value.
struct Join {
  TaskFrame frame;
  std::string table;

  explicit Join(std::int64_t last_x = 2, std::int64_t y_before = 7, bool replaces = false) {
    frame.scope = {{"p", number(1)}};
    frame.split_scope = {{"p", number(1)}, {"y", number(y_before)}};
    frame.joined_list = number(99);
    frame.branch_count = 3;
    std::vector<std::size_t> offsets;
    for (std::uint64_t i = 0; i < 3; ++i) {
      BranchRecord record{i,
                          static_cast<std::int64_t>(i + 5),
                          replaces,
                          {{"x", number(i == 2 ? last_x : static_cast<std::int64_t>(i))}}};
      if (i == 1) record.scope.push_back({"y", number(8)});
      offsets.push_back(table.size());
      append(table, record);
    }
    for (std::size_t offset : offsets) table += std::string(1, static_cast<char>(offset)) + std::string(7, '\0');
  }
  Digest seen(const std::string& name) const { return noted_reads(frame, table, {name}).at(0).id.value(); }
};

TEST(NotedReads, of_the_scope_are_identities_or_nothing) {
  Join join;
  auto reads = noted_reads(join.frame, join.table, {"p", "missing"});
  ASSERT_EQ(reads.size(), 2u);
  EXPECT_EQ(reads[0].name, "p");
  EXPECT_EQ(reads[0].id, number(1).identity());
  EXPECT_EQ(reads[1].id, std::nullopt);
}

TEST(NotedReads, of_the_path_tell_places_apart) {
  Join here, there;
  there.frame.path = *IndexPath::parse("[3]");
  EXPECT_NE(here.seen("[path]"), there.seen("[path]"));
  there.frame.number = 17;
  there.frame.path = here.frame.path;
  EXPECT_EQ(here.seen("[path]"), there.seen("[path]"));
}

TEST(NotedReads, of_branches_change_with_what_any_branch_sees) {
  Join join;
  const std::string x = branch_read_name("x"), y = branch_read_name("y"), none = branch_read_name("none");
  EXPECT_EQ(join.seen(x), Join().seen(x));
  EXPECT_NE(join.seen(x), Join(3).seen(x));
  EXPECT_EQ(join.seen(y), Join(3).seen(y)) << "another artifact";
  EXPECT_NE(join.seen(y), Join(2, 6).seen(y)) << "it is seen through the branches";
  EXPECT_EQ(join.seen(x), Join(2, 6).seen(x));
  EXPECT_NE(join.seen(y), Join(2, 7, true).seen(y)) << "a branch that replaces the scope sees nothing below";
  EXPECT_NE(join.seen(none), join.seen(y));
  auto all = noted_reads(join.frame, join.table, {x, "p", none, y});
  EXPECT_EQ(all[0].id, join.seen(x));
  EXPECT_EQ(all[2].id, join.seen(none));
  EXPECT_EQ(all[3].id, join.seen(y));
}

TEST(NotedReads, of_the_fan_out_change_with_its_list_and_size) {
  Join join, other;
  other.frame.joined_list = number(98);
  EXPECT_NE(join.seen("[branches]"), other.seen("[branches]"));
  other.frame.joined_list = join.frame.joined_list;
  EXPECT_EQ(join.seen("[branches]"), other.seen("[branches]"));
  other.frame.branch_count = 2;
  EXPECT_NE(join.seen("[branches]"), other.seen("[branches]"));
}

}  // namespace
}  // namespace backlot
