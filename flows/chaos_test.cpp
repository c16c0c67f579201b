#include "flows/chaos.h"

#include <gtest/gtest.h>

namespace {

using testing::ExitedWithCode;
using testing::KilledBySignal;

TEST(Behaviours, of_exceptions_and_crashes) {
  EXPECT_NO_THROW(chaos::behave("ok"));
  EXPECT_THROW(chaos::behave("throw"), std::runtime_error);
  EXPECT_THROW(chaos::behave("throw_int:7"), int);
  EXPECT_EXIT(chaos::behave("kill"), KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(chaos::behave("abort"), KilledBySignal(SIGABRT), "");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_EXIT(chaos::behave("corrupt_heap"), KilledBySignal(SIGABRT), "");
#endif
  EXPECT_EXIT(chaos::behave("exit:3"), ExitedWithCode(3), "");
}

TEST(Behaviours, unknown_ones_are_named) {
  try {
    chaos::behave("dance:3");
    FAIL();
  } catch (const std::invalid_argument& e) { EXPECT_STREQ(e.what(), "no behaviour is called dance:3"); }
}

TEST(Behaviours, a_flood_is_as_large_as_was_asked) {
  testing::internal::CaptureStdout();
  chaos::behave("flood:0.01");
  EXPECT_EQ(testing::internal::GetCapturedStdout().size(), 10000u);
}

TEST(Chaos, counts_how_tasks_ended) {
  Caught good, bad, joined;
  good.work("ok");
  bad.failure = "killed by signal 9";
  joined.collect({{"ok", good}, {"ok", good}, {"kill", bad}});
  EXPECT_EQ(*joined.ended, (std::map<std::string, int>{{"did ok", 2}, {"killed by signal 9", 1}}));
}

TEST(Chaos, all_variants_are_good_flows) {
  for (const auto& code : backlot::flow_codes<Chaos, Retried, Timed, Caught>()) {
    EXPECT_TRUE(code->check().empty()) << code->name();
  }
}

}  // namespace
