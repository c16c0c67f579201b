#include "backlot/base/helper_process.h"

#include <gtest/gtest.h>

#include "backlot/base/error.h"

namespace backlot {
namespace {

using namespace std::chrono_literals;

ErrorCode code_of_helper(const std::vector<std::string>& argv, std::chrono::milliseconds timeout,
                         std::size_t limit = 1 << 20) {
  try {
    run_helper(argv, "", timeout, limit);
  } catch (const Error& e) { return e.code(); }
  return ErrorCode::internal;
}

TEST(HelperProcess, gives_back_what_it_was_given) {
  std::string megabytes(3 << 20, 'x');
  HelperResult r = run_helper({"cat"}, megabytes, 20s);
  EXPECT_EQ(r.out, megabytes);
  EXPECT_EQ(r.exit_code, 0);
}

TEST(HelperProcess, tells_how_it_ended_and_what_it_complained_of) {
  HelperResult r = run_helper({"sh", "-c", "echo no >&2; exit 3"}, "", 20s);
  EXPECT_EQ(r.exit_code, 3);
  EXPECT_EQ(r.err, "no\n");
  EXPECT_EQ(run_helper({"sh", "-c", "kill -9 $$"}, "", 20s).signal, 9);
}

TEST(HelperProcess, input_that_nobody_reads_is_no_harm) {
  EXPECT_EQ(run_helper({"true"}, std::string(1 << 20, 'x'), 20s).exit_code, 0);
}

TEST(HelperProcess, is_killed_when_it_takes_too_long_or_writes_too_much) {
  EXPECT_EQ(code_of_helper({"sleep", "60"}, 50ms), ErrorCode::io);
  EXPECT_EQ(code_of_helper({"yes"}, 20s, 1000), ErrorCode::io);
}

TEST(HelperProcess, a_missing_program_is_named) {
  EXPECT_EQ(code_of_helper({"no-such-program"}, 1s), ErrorCode::not_found);
}

}  // namespace
}  // namespace backlot
