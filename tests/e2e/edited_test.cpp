// A flow whose graph was edited between a run that failed and its resume: the resumed run ends as one of the edited
// flow from the beginning would.
#include <gtest/gtest.h>

#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

class Edited : public testing::TestWithParam<std::tuple<const char*, int, const char*>> {
 protected:
  Ended flow(std::vector<std::string> words, const std::string& version, bool fails = false) {
    words.insert(words.begin(), "edited");
    std::map<std::string, std::string> environment{{"EDIT", version}};
    if (fails) environment["FAILS"] = "1";
    return run(words, home.path(), environment);
  }
  /// What the last run left.
  std::string values() {
    std::string all;
    for (const char* name : {"took", "sum", "trace"})
      all += run({"backlot", "get", std::string("Edited/last/end/") + name}, home.path()).out;
    return all;
  }
  TempFolder home;
};

TEST_P(Edited, resumed_it_ends_as_a_run_from_the_beginning) {
  auto [version, kept, note] = GetParam();
  for (const char* mode : {"b", "z", "c"}) {
    ASSERT_EQ(flow({"run", "--mode", mode}, version).code, 0);
    std::string anew = values();
    ASSERT_EQ(flow({"run", "--mode", mode}, "as_it_was", true).code, 1);
    Ended resumed = flow({"resume"}, version);
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_EQ(values(), anew);
    EXPECT_PRED2(contains, resumed.err, note);
    EXPECT_PRED2(contains, resumed.err, kept > 0 ? std::to_string(kept) + " of " : "");
    Ended again = flow({"resume"}, version);  // what was fitted to the new graph is whole
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(values(), anew);
  }
}

// Eleven tasks were done: start, a or b, three passes of the body, three items, their join, first, second.
INSTANTIATE_TEST_SUITE_P(Of, Edited,
                         testing::Values(std::tuple("as_it_was", 11, ""),
                                         std::tuple("case_before", 0, "step 'start' goes on in another way"),
                                         std::tuple("other_list", 2, "step 'body' goes on in another way"),
                                         std::tuple("swapped", 9, "step 'join' goes on in another way"),
                                         std::tuple("lower_bound", 2, "step 'body' goes on in another way"),
                                         std::tuple("choose_inserted", 9, "step 'first' goes on in another way"),
                                         std::tuple("step_inserted", 10, "step 'first' goes on in another way"),
                                         std::tuple("other_start", 0, "the flow begins with step 'begin' now")),
                         [](const auto& version) { return std::get<0>(version.param); });

}  // namespace
}  // namespace backlot::e2e
