#include "backlot/engine/outcome.h"

#include <gtest/gtest.h>

namespace backlot {
namespace {

Exit exit_with(const Manifest& manifest) {
  Exit exit;
  exit.manifest = encode(manifest);
  return exit;
}

TEST(Outcome, of_a_task_that_answers_its_stop_by_an_exception_is_that_it_was_cancelled) {
  Manifest interrupted;
  interrupted.failure = Failure{FailureKind::exception, 0, "KeyboardInterrupt", "", {}};
  EXPECT_EQ(outcome_of(exit_with(interrupted), {.cancelled = true}, {}).failure->kind, FailureKind::cancelled);
  EXPECT_EQ(outcome_of(exit_with(interrupted), {}, {}).failure->kind, FailureKind::exception);
}

TEST(Outcome, of_a_task_that_ends_well_while_it_is_stopped_is_what_it_says) {
  EXPECT_FALSE(outcome_of(exit_with(Manifest()), {.cancelled = true}, {}).failure);
}

}  // namespace
}  // namespace backlot
