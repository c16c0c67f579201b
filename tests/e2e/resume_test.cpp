// Resumes of one run at the same time: one wins.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>

#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

TEST(Resume, of_twenty_at_once_one_wins) {
  TempFolder home;
  ASSERT_EQ(run({"damaged", "run", "-q"}, home.path(), {{"FAILS", "1"}}).code, 1);
  std::vector<std::unique_ptr<ChildProgram>> resumes;
  for (int i = 0; i < 20; ++i) {
    resumes.push_back(std::make_unique<ChildProgram>(std::vector<std::string>{"damaged", "resume", "-q"}, home.path(),
                                                     std::map<std::string, std::string>{{"FAILS", "wait"}}));
  }
  int refused = 0;
  ChildProgram* winner = nullptr;
  for (int i = 0; i < 6000 && refused < 19; ++i) {  // a minute: twenty programs on a busy machine
    refused = 0;
    for (auto& resume : resumes) resume->ended() ? void(++refused) : void(winner = resume.get());
    usleep(10'000);
  }
  EXPECT_EQ(refused, 19);
  for (auto& resume : resumes) {
    if (!resume->ended()) continue;
    Ended end = resume->wait();
    EXPECT_EQ(end.code, 1);
    EXPECT_TRUE(contains(end.err, "is resuming the same run") || contains(end.err, "is still running")) << end.err;
  }
  Ended anyway = run({"damaged", "resume", "-q", "--anyway"}, home.path());
  EXPECT_EQ(anyway.code, 0) << anyway.err;
  ASSERT_NE(winner, nullptr);
  winner->signal(SIGKILL);
  winner->wait();
}

}  // namespace
}  // namespace backlot::e2e
