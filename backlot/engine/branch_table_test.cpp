#include "backlot/engine/branch_table.h"

#include <gtest/gtest.h>

#include "backlot/base/test_memory_files.h"

namespace backlot {
namespace {

BranchRecord record(std::uint64_t index) {
  BranchRecord r;
  r.index = index;
  r.number = static_cast<std::int64_t>(index) + 2;
  r.scope = {{"value", Reference::inlined(TypeTag::text, std::to_string(index))}};
  return r;
}

class Table : public testing::Test {
 protected:
  MemoryFiles files;
};

TEST_F(Table, what_waits_costs_nothing) {
  BranchTable table(files, "/run/branches", std::uint64_t{1} << 60);
  table.add(record(0));
}

// Few lie in the frame, many in a file: a join reads the same.
TEST_F(Table, gives_each_branch_back_whatever_the_order_in_which_they_arrived) {
  for (std::uint64_t count : {3, 5000}) {
    BranchTable table(files, "/run/branches", count);
    for (std::uint64_t i = 0; i < count; ++i) table.add(record((i * 7 + 2) % count));
    TaskFrame frame;
    table.complete(frame);
    ASSERT_EQ(frame.branch_count, count);
    EXPECT_EQ(frame.branch_file.empty(), count == 3);
    std::string bytes = frame.branches;
    if (!frame.branch_file.empty()) {
      auto file = files.open(frame.branch_file, OpenMode::read);
      bytes = file->read(0, file->size());
    }
    for (std::uint64_t i = 0; i < count; ++i) ASSERT_EQ(branch_at(bytes, count, i), record(i));
  }
}

TEST_F(Table, its_file_goes_with_it) {
  {
    BranchTable table(files, "/run/branches", 5000);
    for (std::uint64_t i = 0; i < 4000; ++i) table.add(record(i));
    EXPECT_TRUE(files.info("/run/branches"));
  }
  EXPECT_FALSE(files.info("/run/branches"));
}

}  // namespace
}  // namespace backlot
