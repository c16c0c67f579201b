// Resuming in the background: what is refused, and programs that do not begin.
#include "backlot/verbs/resume_process.h"

#include <csignal>
#include <fstream>
#include <thread>

#include "backlot/client/test_home.h"
#include "backlot/verbs/stored_code.h"

namespace backlot::verbs {
namespace {

using client::fan_out_graph;
using client::RunScript;
using client::TestHome;
using namespace std::chrono_literals;

/// A failed run whose program is this shell script.
RunScript run_of_script(TestHome& home, const std::string& script) {
  Digest code = home.store().put(TypeTag::code, {script});
  note_script(home.catalog(), code.hex(), {"/bin/sh", "/nowhere/flow.sh", home.home().root, ""});
  RunScript run(home, "Flow", fan_out_graph(), {}, no_run, {}, code.hex());
  run.task("start", "[]", {}, Failure{});
  run.end(RunState::failed);
  return run;
}

std::string refusal_of(const TestHome& home, const RunScript& run, std::chrono::milliseconds longest_start = 30s) {
  client::Client client = home.client();
  try {
    resume_in_background(client, client.run(Pathspec::parse(run.pathspec())), "", longest_start);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::conflict);
    return e.message();
  }
  return "it was resumed";
}

std::vector<pid_t> pids_in(const std::string& file) {
  std::ifstream in(file);
  return {std::istream_iterator<pid_t>(in), {}};
}

TEST(ResumeInBackground, a_program_that_hangs_at_its_start_is_killed_with_what_it_started) {
  TestHome home;
  RunScript run = run_of_script(home, "echo loading the model; sleep 1000 & echo $! $$ > pids; wait");
  std::string why = refusal_of(home, run, 2s);
  EXPECT_NE(why.find("began no run in 2 s and was killed; it printed: loading the model"), std::string::npos) << why;
  std::vector<pid_t> pids = pids_in(home.home().root + "/pids");
  ASSERT_EQ(pids.size(), 2U);
  EXPECT_EQ(kill(pids[1], 0), -1);
  auto ended = [](pid_t pid) {  // or is about to be taken by whoever takes orphans
    std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
    std::string word, state;
    status >> word >> word >> state;
    return state.empty() || state == "Z" || state == "X";
  };
  for (int i = 0; i < 1000 && !ended(pids[0]); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(ended(pids[0]));
}

TEST(ResumeInBackground, a_program_that_ends_at_once_is_quoted) {
  TestHome home;
  RunScript run = run_of_script(home, "echo no such module; exit 3");
  std::string why = refusal_of(home, run);
  EXPECT_NE(why.find("ended before the run began; it printed: no such module"), std::string::npos) << why;
}

TEST(ResumeInBackground, a_second_one_is_refused_and_the_first_is_named) {
  TestHome home;
  RunScript run = run_of_script(home, "echo this must not be started > started");
  home.clock.time += 1'000'000;
  RunScript first(home, "Flow", fan_out_graph(), {}, run.row().key);
  auto lock = first.hold();
  EXPECT_EQ(refusal_of(home, run), first.pathspec() + " is resuming the same run");
  auto rival = live_rival(home.client(), home.client().run(Pathspec::parse(run.pathspec())));
  ASSERT_TRUE(rival);
  EXPECT_EQ(rival->pathspec(), first.pathspec());
  EXPECT_EQ(refusal_of(home, first), first.pathspec() + " is still running");
  EXPECT_FALSE(std::filesystem::exists(home.home().root + "/started"));
  lock.reset();
  first.end(RunState::failed);
  EXPECT_FALSE(live_rival(home.client(), home.client().run(Pathspec::parse(run.pathspec()))));
}

}  // namespace
}  // namespace backlot::verbs
