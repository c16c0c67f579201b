// The step cache, through real runs: what is the same is not done again, and what differs is.
#include <gtest/gtest.h>

#include "tests/e2e/program.h"

namespace backlot::e2e {
namespace {

class Cache : public testing::Test {
 protected:
  /// How often the cached step was really run.
  int runs_of(std::vector<std::string> options) {
    options.insert(options.begin(), {"cached", "run"});
    Ended end = run(options, home.path());
    EXPECT_EQ(end.code, 0) << end.err;
    int count = 0;
    for (std::size_t at = 0; (at = end.out.find("worked on", at)) != std::string::npos; ++at) ++count;
    return count;
  }
  std::string total() { return run({"backlot", "get", "Cached/last/join/total"}, home.path()).out; }
  TempFolder home;
};

TEST_F(Cache, what_was_read_decides) {
  EXPECT_EQ(runs_of({}), 3);
  EXPECT_EQ(total(), "21012\n");
  EXPECT_EQ(runs_of({}), 0) << "nothing has changed";
  EXPECT_EQ(total(), "21012\n");
  EXPECT_EQ(runs_of({"--items", "[1,5,3]"}), 1) << "one item is another";
  EXPECT_EQ(total(), "21018\n");
  EXPECT_EQ(runs_of({"--factor", "3"}), 3) << "a parameter that it reads is another";
  EXPECT_EQ(total(), "21018\n");
  EXPECT_EQ(runs_of({"--unread", "5"}), 0) << "a parameter that it does not read is another";
}

TEST_F(Cache, a_value_that_was_written_in_vain_is_not_forgotten) {
  EXPECT_EQ(runs_of({"--unread", "7"}), 3) << "the step writes what is there already: its manifest does not say so";
  EXPECT_EQ(runs_of({"--unread", "0"}), 3) << "here it would not be there";
  EXPECT_EQ(total(), "21012\n");
}

TEST_F(Cache, a_kept_result_is_whole) {
  runs_of({});
  runs_of({});
  EXPECT_EQ(run({"backlot", "fsck", "--verify"}, home.path()).code, 0);
  Ended logs = run({"backlot", "logs", "Cached/last/work"}, home.path());
  EXPECT_NE(logs.out.find("worked on 2"), std::string::npos) << "its log is that of the run that did it";
}

}  // namespace
}  // namespace backlot::e2e
