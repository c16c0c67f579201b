// What goes wrong in tasks, around them, and before them: each alone, named for what it was.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "backlot/catalog/sqlite/open.h"
#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

class Failures : public testing::Test {
 protected:
  Ended chaos(const std::string& flow, const std::vector<std::string>& items,
              const std::map<std::string, std::string>& environment = {}) {
    std::vector<std::string> words{"chaos", "run", flow, "--max-workers", "4"};
    for (auto& item : items) words.insert(words.end(), {"--items", item});
    return run(words, home.path(), environment);
  }
  std::unique_ptr<Catalog> catalog() { return open_sqlite_catalog(home.path() + "/catalog.sqlite"); }
  RunRow last() { return catalog()->runs({}).at(0); }
  void wait_for(const std::function<bool()>& condition) {
    for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_TRUE(condition());
  }
  bool running() {
    if (!std::filesystem::exists(home.path() + "/catalog.sqlite")) return false;
    auto c = catalog();
    auto runs = c->runs({});
    if (runs.empty()) return false;
    for (const StepRow& step : c->steps(runs[0].key)) {
      if (step.step == "work" && step.running > 0) return true;
    }
    return false;
  }
  TempFolder home;
};

struct Case {
  const char* item;
  const char* says;
};
class OneFails : public Failures, public testing::WithParamInterface<Case> {};

TEST_P(OneFails, alone_and_is_named_for_what_it_was) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  if (GetParam().item == std::string("leak:600") || GetParam().item == std::string("corrupt_heap")) {
    GTEST_SKIP() << "the sanitizer has a heap of its own";
  }
#endif
  Ended end = chaos("Chaos", {GetParam().item, "ok"});
  EXPECT_EQ(end.code, 1);
  EXPECT_PRED2(contains, end.err, "work/[0]");
  EXPECT_PRED2(contains, end.err, GetParam().says);
  EXPECT_PRED2(contains, end.err, "resume");
  EXPECT_EQ(last().state, RunState::failed);
  EXPECT_EQ(last().tasks_failed, 1);
  EXPECT_EQ(run({"backlot", "fsck"}, home.path()).code, 0);
}

INSTANTIATE_TEST_SUITE_P(Chaos, OneFails,
                         testing::Values(Case{"throw", "thrown on demand"}, Case{"throw_int", "int"},
                                         Case{"segfault", "signal 11"}, Case{"abort", "signal 6"},
                                         Case{"kill", "signal 9"}, Case{"exit:3", "exited with code 3"},
                                         Case{"exit:0", "exited with code 0"}, Case{"leak:600", "out of memory"},
                                         Case{"corrupt_heap", "signal 6"}),
                         [](const auto& one) {
                           std::string name = one.param.item;
                           for (char& c : name) c = c == ':' ? '_' : c;
                           return name;
                         });

TEST_F(Failures, a_flaky_task_is_retried_until_it_succeeds) {
  Ended end = chaos("Retried", {"flaky:2", "ok"});
  EXPECT_EQ(end.code, 0) << end.err;
  auto c = catalog();
  auto task = c->task(last().key, 2);
  ASSERT_TRUE(task);
  EXPECT_EQ(task->attempts, 3);
  EXPECT_EQ(c->attempts(last().key, 2).size(), 3u);
}

TEST_F(Failures, a_hanging_task_is_stopped_at_its_timeout) {
  Ended end = chaos("Timed", {"hang", "ok"});
  EXPECT_EQ(end.code, 1);
  EXPECT_PRED2(contains, end.err, "timeout");
}

TEST_F(Failures, what_is_caught_becomes_a_value_and_the_run_goes_on) {
  Ended end = chaos("Caught", {"segfault", "hang", "throw", "kill", "ok"});
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_PRED2(contains, end.out, "1 x did ok");
  EXPECT_PRED2(contains, end.out, "signal");
  EXPECT_PRED2(contains, end.out, "timeout");
}

TEST_F(Failures, a_flood_is_capped_and_harms_nobody) {
  Ended end = run({"chaos", "run", "Chaos", "-q", "--items", "flood:150", "--items", "ok"}, home.path());
  EXPECT_EQ(end.code, 0) << end.err;
  auto c = catalog();
  LogIndex log = c->attempts(last().key, 2).at(0).log;
  EXPECT_EQ(log.out_bytes + log.dropped_bytes, 150'000'000u);
  EXPECT_LE(log.out_bytes, 64u << 20);
  EXPECT_GE(log.out_bytes, 63u << 20) << "its two halves, less a piece";
}

TEST_F(Failures, closed_streams_and_children_left_behind_are_no_failure) {
  Ended end = chaos("Chaos", {"close_stdout", "leave_child:100"});
  EXPECT_EQ(end.code, 0) << end.err;
  wait_for([&] { return processes_of(home.path()).empty(); });
}

TEST_F(Failures, resume_runs_what_failed_and_keeps_the_rest) {
  EXPECT_EQ(chaos("Chaos", {"flaky:1", "ok", "ok"}).code, 1);
  // All start at once: after the failure nothing new would be. A resumed run starts with attempt 0 again, which is what
  // this item fails at: it fails alone again.
  Ended end = run({"chaos", "resume", "Chaos", "--json"}, home.path());
  EXPECT_EQ(end.code, 1);
  EXPECT_PRED2(contains, end.out, "\"cloned\":3");
}

TEST_F(Failures, an_interrupt_lets_running_tasks_end_and_the_run_be_resumed) {
  ChildProgram program({"chaos", "run", "Chaos", "--max-workers", "1", "--items", "sleep:1", "--items", "ok"},
                       home.path());
  wait_for([&] { return running(); });
  program.signal(SIGINT);
  Ended end = program.wait();
  EXPECT_EQ(end.code, 1);
  EXPECT_EQ(last().state, RunState::cancelled);
  EXPECT_EQ(last().tasks_done, 2) << "start and the task that ran";
  EXPECT_EQ(run({"chaos", "resume", "Chaos"}, home.path()).code, 0);
  EXPECT_EQ(last().state, RunState::done);
}

TEST_F(Failures, a_second_interrupt_does_not_wait) {
  ChildProgram program({"chaos", "run", "Chaos", "--items", "sleep:100"}, home.path());
  wait_for([&] { return running(); });
  program.signal(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(10).code, 1);
  EXPECT_EQ(last().state, RunState::cancelled);
}

TEST_F(Failures, cancel_stops_a_running_run) {
  ChildProgram program({"chaos", "run", "Chaos", "--items", "sleep:100"}, home.path());
  wait_for([&] { return running(); });
  EXPECT_EQ(run({"backlot", "cancel", "Chaos/last"}, home.path()).code, 0);
  EXPECT_EQ(program.wait(20).code, 1);
  EXPECT_EQ(last().state, RunState::cancelled);
}

TEST_F(Failures, a_run_that_is_alive_cannot_be_resumed_by_a_second_scheduler) {
  ChildProgram program({"chaos", "run", "Chaos", "--items", "sleep:100"}, home.path());
  wait_for([&] { return running(); });
  Ended second = run({"chaos", "resume", "Chaos"}, home.path());
  EXPECT_EQ(second.code, 1);
  EXPECT_PRED2(contains, second.err, "still running");
}

TEST_F(Failures, tasks_die_with_their_scheduler) {
  ChildProgram program({"chaos", "run", "Chaos", "--items", "sleep:100", "--items", "leave_child:100"}, home.path());
  wait_for([&] { return running(); });
  program.signal(SIGKILL);
  program.wait();
  wait_for([&] { return processes_of(home.path()).empty(); });
  wait_for([&] { return contains(run({"backlot", "list", "--json"}, home.path()).out, "lost"); });
}

TEST_F(Failures, wrong_usage_is_refused_before_anything_is_written) {
  Ended end = run({"movie_stats", "run", "--movie-json", "x"}, home.path() + "/none");
  EXPECT_EQ(end.code, 2);
  EXPECT_PRED2(contains, end.err, "movies_json");
  EXPECT_FALSE(std::filesystem::exists(home.path() + "/none"));
  EXPECT_EQ(run({"movie_stats", "fly"}, home.path()).code, 2);
  EXPECT_EQ(run({"backlot", "get", "Nothing/1/end/x"}, home.path()).code, 1);
}

void flip_a_bit(const std::filesystem::path& path, std::streamoff at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  char byte = static_cast<char>(file.get());
  file.seekp(at);
  file.put(static_cast<char>(byte ^ 1));
}

/// A blob of the run in `home` that is mapped, not copied.
std::filesystem::path large_blob(const std::string& home) {
  std::filesystem::path blob;
  for (auto& entry : std::filesystem::recursive_directory_iterator(home + "/store/blobs")) {
    if (entry.is_regular_file() && entry.file_size() > 50'000 && entry.file_size() < 200'000) blob = entry.path();
  }
  return blob;
}

TEST_F(Failures, a_flipped_bit_is_found_and_named) {
  ASSERT_EQ(run({"steady", "run", "-q"}, home.path()).code, 0);
  std::filesystem::path blob = large_blob(home.path());
  ASSERT_FALSE(blob.empty());
  flip_a_bit(blob, 20'000);
  Ended checked = run({"backlot", "fsck", "--verify"}, home.path());
  EXPECT_EQ(checked.code, 1);
  EXPECT_PRED2(contains, checked.out + checked.err, blob.filename().string().substr(0, 20));
}

TEST_F(Failures, a_damaged_blob_is_made_again_as_fsck_says) {
  ASSERT_EQ(run({"steady", "run", "-q"}, home.path()).code, 0);
  std::filesystem::path blob = large_blob(home.path());
  flip_a_bit(blob, 20'000);
  Ended repaired = run({"backlot", "fsck", "--repair"}, home.path());
  EXPECT_EQ(repaired.code, 1);
  EXPECT_PRED2(contains, repaired.out, "set aside 1 damaged blob");
  EXPECT_FALSE(std::filesystem::exists(blob));
  std::string command = repaired.out.substr(repaired.out.find("`backlot rerun ") + 1);
  std::istringstream told(command.substr(0, command.find('`')));
  std::vector<std::string> words{std::istream_iterator<std::string>(told), {}};
  Ended made = run(words, home.path());
  EXPECT_EQ(made.code, 0) << repaired.out << made.err;
  Ended checked = run({"backlot", "fsck", "--verify"}, home.path());
  EXPECT_EQ(checked.code, 0) << checked.out;
}

TEST_F(Failures, a_run_replaces_a_damaged_blob_by_the_same_value) {
  ASSERT_EQ(run({"steady", "run", "-q"}, home.path()).code, 0);
  flip_a_bit(large_blob(home.path()), 20'000);
  EXPECT_EQ(run({"steady", "run", "-q"}, home.path()).code, 0);
  Ended checked = run({"backlot", "fsck", "--verify"}, home.path());
  EXPECT_EQ(checked.code, 0) << checked.out;
}

TEST_F(Failures, a_full_disk_is_told_and_resumed_from) {
  if (mount("none", home.path().c_str(), "tmpfs", 0, "size=24m") != 0) GTEST_SKIP() << "needs the right to mount";
  constexpr double patience_s = 240;  // with sanitizers, on a machine that others use too
  Ended end = run({"steady", "run", "-q", "--width", "300"}, home.path(), {}, patience_s);
  EXPECT_EQ(end.code, 1);
  EXPECT_TRUE(contains(end.err, "No space left") || contains(end.err, "full")) << end.err;
  EXPECT_EQ(mount("none", home.path().c_str(), "tmpfs", MS_REMOUNT, "size=400m"), 0);
  Ended resumed = run({"steady", "resume", "-q"}, home.path(), {}, patience_s);
  Ended checked = run({"backlot", "fsck"}, home.path());
  umount(home.path().c_str());
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
}

}  // namespace
}  // namespace backlot::e2e
