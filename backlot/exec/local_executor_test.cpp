#include "backlot/exec/local_executor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "backlot/exec/cgroup.h"
#include "backlot/exec/test_tasks.h"

namespace backlot {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// --- helpers ------------------------------------------------------------------------------------------------------

struct Seen {
  bool started = false;
  std::string out, err, label, note, metadata;
  double share = -1;
  std::uint64_t out_bytes = 0;
  std::optional<Exit> exit;
};

class Recorder : public ExecutorEvents {
 public:
  void on_started(LaunchId id, Micros at, std::int64_t) override {
    EXPECT_GT(at, 0);
    EXPECT_FALSE(std::exchange(seen[id].started, true));
  }
  void on_output(LaunchId id, Stream stream, std::string_view bytes) override {
    EXPECT_TRUE(seen[id].started && !seen[id].exit);
    if (stream == Stream::out) seen[id].out_bytes += bytes.size();
    std::string& text = stream == Stream::out ? seen[id].out : seen[id].err;
    if (text.size() < 1000) text += bytes.substr(0, 1000);
    if (after_output) after_output(id);
  }
  void on_label(LaunchId id, std::string_view label) override { seen[id].label = label; }
  void on_progress(LaunchId id, double share, std::string_view note) override {
    seen[id].share = share;
    seen[id].note = note;
  }
  void on_metadata(LaunchId id, std::string_view key, std::string_view value) override {
    seen[id].metadata += std::string(key) + "=" + std::string(value);
  }
  void on_exit(LaunchId id, Exit&& exit) override {
    EXPECT_FALSE(seen[id].exit) << "on_exit comes once";
    seen[id].exit = std::move(exit);
    ++exits;
    if (after_exit) after_exit(id);
  }
  std::map<LaunchId, Seen> seen;
  int exits = 0;
  std::function<void(LaunchId)> after_output, after_exit;
};

struct Stage {
  explicit Stage(std::chrono::milliseconds grace = 5s) : executor(loop, std::move(server), grace) {
    executor.set_events(&recorder);
    while (waitpid(-1, nullptr, WNOHANG) > 0) {}  // what earlier tests left: this process is a subreaper
  }
  LaunchId launch(std::string frame, std::vector<std::pair<std::string, std::string>> environment = {}) {
    Launch task;
    task.id = ++last;
    task.frame = std::move(frame);
    task.environment = std::move(environment);
    executor.launch(std::move(task));
    return last;
  }
  void until(const std::function<bool()>& condition, std::chrono::seconds limit = 60s) {
    auto end = std::chrono::steady_clock::now() + limit;
    while (!condition() && std::chrono::steady_clock::now() < end) loop.run_once(20ms);
    ASSERT_TRUE(condition()) << "waited in vain";
  }
  Exit finish(LaunchId id) {
    until([&] { return recorder.seen[id].exit.has_value(); });
    return recorder.seen[id].exit.value_or(Exit{});
  }
  Exit run(std::string frame) { return finish(launch(std::move(frame))); }
  Seen& last_seen() { return recorder.seen[last]; }

  ForkServer server = spawn_fork_server(run_test_task);
  EventLoop loop;
  Recorder recorder;
  LocalExecutor executor;
  LaunchId last{0};
};

/// Dead, or dead and waiting for somebody to reap it.
bool is_gone(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(stat, text)) return true;
  return text.substr(text.rfind(')') + 2, 1) == "Z";
}

bool is_gone_soon(pid_t pid, std::chrono::seconds limit = 30s) {
  for (auto end = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < end;) {
    if (is_gone(pid)) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

std::vector<pid_t> pids_in(const std::string& text) {
  std::vector<pid_t> pids;
  for (auto at = text.find("pid "); at != std::string::npos; at = text.find("pid ", at + 1)) {
    pids.push_back(std::atoi(text.c_str() + at + 4));
  }
  return pids;
}

std::set<std::string> open_descriptors() {
  std::set<std::string> names;
  for (auto& entry : fs::directory_iterator("/proc/self/fd")) names.insert(entry.path().filename());
  return names;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  for (auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream stat(entry.path() / "stat");
    std::string text;
    if (!std::getline(stat, text)) continue;
    if (std::atoi(text.c_str() + text.rfind(')') + 4) == parent) found.push_back(std::atoi(text.c_str()));
  }
  return found;
}

// --- tasks that end well --------------------------------------------------------------------------------------

TEST(LocalExecutor, a_task_tells_everything_and_its_manifest_arrives) {
  Stage stage;
  Exit exit = stage.run("tell");
  Seen& seen = stage.last_seen();
  EXPECT_EQ(exit.manifest, "done");
  EXPECT_FALSE(exit.by_signal);
  EXPECT_EQ(exit.code, 0);
  EXPECT_FALSE(exit.out_of_memory);
  EXPECT_EQ(exit.lost, "");
  EXPECT_EQ(exit.usage.source, Usage::Source::rusage);
  EXPECT_GT(exit.usage.peak_rss_bytes, 0);
  EXPECT_TRUE(seen.started);
  EXPECT_EQ(seen.out, "to out\n");
  EXPECT_EQ(seen.err, "to err\n");
  EXPECT_EQ(seen.label, "item 3");
  EXPECT_EQ(seen.share, 0.5);
  EXPECT_EQ(seen.note, "half");
  EXPECT_EQ(seen.metadata, "rows=17");
}

TEST(LocalExecutor, frames_and_manifests_larger_than_any_socket_buffer_come_through) {
  Stage stage;
  std::string frame = "echo " + std::string(5 << 20, 'f');
  EXPECT_EQ(stage.run(frame).manifest, frame);
}

TEST(LocalExecutor, nothing_happens_inside_launch_and_stop) {
  Stage stage;
  LaunchId id = stage.launch("sleep");
  stage.executor.stop(id, Stop::now);
  std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(stage.recorder.seen.empty());
  EXPECT_EQ(stage.finish(id).code, SIGKILL);
}

TEST(LocalExecutor, a_task_has_clean_surroundings) {
  struct sigaction old;
  sigaction(SIGUSR1, nullptr, &old);
  signal(SIGUSR1, SIG_IGN);
  for (const char* fresh : {"0", "1"}) {
    setenv("BACKLOT_FRESH", fresh, 1);
    Stage stage;
    EXPECT_EQ(stage.run("surroundings").manifest, "socket: own session, dies with parent, /dev/null");
  }
  unsetenv("BACKLOT_FRESH");
  sigaction(SIGUSR1, &old, nullptr);
}

// --- tasks that end badly -------------------------------------------------------------------------------------

TEST(LocalExecutor, an_exception_that_leaves_the_runner_is_told_on_stderr) {
  Stage stage;
  Exit exit = stage.run("throw");
  EXPECT_EQ(exit.manifest, std::nullopt);
  EXPECT_EQ(exit.code, run_task_threw);
  EXPECT_NE(stage.last_seen().err.find("the store is gone"), std::string::npos);
}

TEST(LocalExecutor, signals_and_exit_codes_come_through) {
  Stage stage;
  struct Case {
    const char* task;
    bool by_signal;
    int code;
  };
  for (Case c : {Case{"segfault", true, SIGSEGV}, {"abort", true, SIGABRT}, {"exit3", false, 3}, {"exit0", false, 0}}) {
    Exit exit = stage.run(c.task);
    EXPECT_EQ(exit.by_signal, c.by_signal) << c.task;
    EXPECT_EQ(exit.code, c.code) << c.task;
    EXPECT_EQ(exit.manifest, std::nullopt) << c.task;
    EXPECT_FALSE(exit.out_of_memory) << c.task;
  }
}

TEST(LocalExecutor, a_crash_loses_no_finished_line) {
  Stage stage;
  stage.run("crash_after_line");
  EXPECT_EQ(stage.last_seen().out, "last words\n");
}

TEST(LocalExecutor, a_broken_channel_gives_no_manifest_and_harms_no_one) {
  Stage stage;
  EXPECT_EQ(stage.run("half_manifest").manifest, std::nullopt);
  EXPECT_EQ(stage.run("garbage").manifest, std::nullopt);
  EXPECT_EQ(stage.run("close_all").manifest, std::nullopt);
  EXPECT_EQ(stage.run("close_stdout").manifest, "done");
  EXPECT_EQ(stage.run("tell").manifest, "done");
}

TEST(LocalExecutor, a_kill_from_outside_is_not_called_out_of_memory) {
  Stage stage;
  LaunchId id = stage.launch("sleep");
  stage.until([&] { return !stage.recorder.seen[id].out.empty(); });
  std::vector<pid_t> server = children_of(getpid());
  ASSERT_EQ(server.size(), 1u);
  for (pid_t task : children_of(server[0])) kill(task, SIGKILL);
  Exit exit = stage.finish(id);
  EXPECT_TRUE(exit.by_signal);
  EXPECT_EQ(exit.code, SIGKILL);
  EXPECT_FALSE(exit.out_of_memory);
}

/// A control group below ours with 96 MiB, and the calling process in it; false where we may not make one.
bool enter_small_cgroup(const std::string& folder, int version) {
  std::error_code refused;
  if (!fs::create_directory(folder, refused)) return false;
  std::ofstream(folder + (version == 2 ? "/memory.max" : "/memory.limit_in_bytes")) << (96 << 20) << std::flush;
  std::ofstream procs(folder + "/cgroup.procs");
  procs << getpid() << std::flush;
  return procs.good() && fs::exists(folder + (version == 2 ? "/memory.events" : "/memory.oom_control"));
}

TEST(LocalExecutor, out_of_memory_is_claimed_on_the_kernels_word) {
  auto group = find_cgroup("memory");
  if (!group) GTEST_SKIP() << "no memory control group here";
  std::string folder = group->folders.front() + "/backlot_test_" + std::to_string(getpid());
  constexpr int refused = 77;
  pid_t front = fork();
  if (front == 0) {
    if (!enter_small_cgroup(folder, group->version)) _exit(refused);
    Stage stage;
    Exit eater = stage.run("eat_memory");
    LaunchId killed = stage.launch("sleep");
    stage.until([&] { return !stage.recorder.seen[killed].out.empty(); });
    for (pid_t task : children_of(children_of(getpid()).at(0))) kill(task, SIGKILL);
    bool right = eater.out_of_memory && eater.by_signal && eater.code == SIGKILL && !stage.finish(killed).out_of_memory;
    _exit(right ? 0 : 1);
  }
  int status = 0;
  waitpid(front, &status, 0);
  for (int i = 0; i < 100 && rmdir(folder.c_str()) != 0 && errno == EBUSY; ++i) std::this_thread::sleep_for(10ms);
  if (WIFEXITED(status) && WEXITSTATUS(status) == refused) GTEST_SKIP() << "may not make a control group here";
  EXPECT_EQ(status, 0);
}

// --- output ---------------------------------------------------------------------------------------------------

TEST(LocalExecutor, a_flood_arrives_whole_and_waits_while_nobody_takes_it) {
  Stage stage;
  LaunchId flood = stage.launch("flood");
  stage.until([&] { return stage.recorder.seen[flood].out_bytes > 0; });
  std::vector<pid_t> tasks = children_of(children_of(getpid()).at(0));
  ASSERT_EQ(tasks.size(), 1u);
  std::this_thread::sleep_for(300ms);  // without a turn of the loop: long enough for 100 MB, were it not to wait
  EXPECT_FALSE(is_gone(tasks[0]));
  EXPECT_EQ(stage.finish(flood).manifest, "done");
  EXPECT_EQ(stage.recorder.seen[flood].out_bytes, 100u << 20);
}

// --- what tasks leave behind ----------------------------------------------------------------------------------

TEST(LocalExecutor, grandchildren_that_hold_the_pipes_keep_nothing_up_and_are_killed) {
  Stage stage;
  for (const char* task : {"grandchild", "grandchild_group", "grandchild_session"}) {
    Exit exit = stage.run(task);
    EXPECT_EQ(exit.manifest, "done") << task;
    std::vector<pid_t> pids = pids_in(stage.last_seen().out);
    ASSERT_EQ(pids.size(), 1u) << task;
    EXPECT_TRUE(is_gone_soon(pids[0])) << task;
  }
}

TEST(LocalExecutor, looking_for_leftovers_spares_other_tasks) {
  Stage stage;
  LaunchId living = stage.launch("grandchild_and_hang");
  stage.until([&] { return pids_in(stage.recorder.seen[living].out).size() == 2; });
  stage.run("grandchild_session");
  pid_t left = pids_in(stage.last_seen().out).at(0);
  EXPECT_TRUE(is_gone_soon(left));
  EXPECT_FALSE(stage.recorder.seen[living].exit);
  for (pid_t pid : pids_in(stage.recorder.seen[living].out)) EXPECT_FALSE(is_gone(pid));
}

TEST(LocalExecutor, stopping_now_kills_the_whole_tree) {
  Stage stage;
  LaunchId id = stage.launch("grandchild_and_hang");
  stage.until([&] { return pids_in(stage.recorder.seen[id].out).size() == 2; });
  stage.executor.stop(id, Stop::now);
  Exit exit = stage.finish(id);
  EXPECT_TRUE(exit.by_signal);
  EXPECT_EQ(exit.code, SIGKILL);
  EXPECT_FALSE(exit.out_of_memory);
  for (pid_t pid : pids_in(stage.recorder.seen[id].out)) EXPECT_TRUE(is_gone_soon(pid));
}

TEST(LocalExecutor, stopping_gently_can_be_ignored_and_then_be_enforced) {
  Stage stage;
  LaunchId polite = stage.launch("sleep"), stubborn = stage.launch("stubborn");
  stage.until([&] { return !stage.recorder.seen[polite].out.empty() && !stage.recorder.seen[stubborn].out.empty(); });
  stage.executor.stop(polite, Stop::gently);
  stage.executor.stop(stubborn, Stop::gently);
  EXPECT_EQ(stage.finish(polite).code, SIGTERM);
  stage.loop.run_once(50ms);
  EXPECT_FALSE(stage.recorder.seen[stubborn].exit);
  stage.executor.stop(stubborn, Stop::now);
  EXPECT_EQ(stage.finish(stubborn).code, SIGKILL);
  stage.executor.stop(stubborn, Stop::now);  // it is over: nothing happens
  EXPECT_EQ(stage.run("tell").manifest, "done");
}

TEST(LocalExecutor, nothing_is_left_when_the_executor_goes) {
  std::vector<pid_t> pids;
  {
    Stage stage;
    LaunchId id = stage.launch("grandchild_and_hang");
    stage.until([&] { return pids_in(stage.recorder.seen[id].out).size() == 2; });
    pids = pids_in(stage.recorder.seen[id].out);
  }
  for (pid_t pid : pids) EXPECT_TRUE(is_gone(pid));
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "the server itself is reaped";
}

// --- many -----------------------------------------------------------------------------------------------------

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int many_tasks = 400;  // each takes many times as long there
#else
constexpr int many_tasks = 2000;
#endif

TEST(LocalExecutor, many_tasks_leave_no_descriptor_and_no_zombie) {
  Stage stage;
  stage.run("tell");
  auto before = open_descriptors();
  int launched = 0;
  stage.recorder.after_exit = [&](LaunchId) {
    if (launched < many_tasks) ++launched, stage.launch("tell");
  };
  for (; launched < 20; ++launched) stage.launch("tell");
  stage.until([&] { return stage.recorder.exits == many_tasks + 1; });
  for (auto& [id, seen] : stage.recorder.seen) {
    EXPECT_EQ(seen.exit->manifest, "done");
    EXPECT_EQ(seen.out, "to out\n");
  }
  EXPECT_EQ(open_descriptors(), before);
  for (pid_t server : children_of(getpid())) EXPECT_TRUE(children_of(server).empty());
}

TEST(LocalExecutor, a_burst_larger_than_the_servers_socket_holds) {
  Stage stage;
  for (int i = 0; i < 600; ++i) stage.launch("echo " + std::to_string(i));
  stage.until([&] { return stage.recorder.exits == 600; });
  for (auto& [id, seen] : stage.recorder.seen) EXPECT_EQ(seen.exit->manifest, "echo " + std::to_string(id.value() - 1));
}

// --- deaths of front and server -------------------------------------------------------------------------------

TEST(LocalExecutor, when_the_server_dies_every_attempt_is_lost_and_dead) {
  Stage stage;
  LaunchId one = stage.launch("sleep"), two = stage.launch("grandchild_and_hang");
  stage.until(
      [&] { return !stage.recorder.seen[one].out.empty() && pids_in(stage.recorder.seen[two].out).size() == 2; });
  std::vector<pid_t> server = children_of(getpid());
  ASSERT_EQ(server.size(), 1u);
  std::vector<pid_t> tasks = children_of(server[0]);
  EXPECT_EQ(tasks.size(), 2u);
  for (pid_t left : pids_in(stage.recorder.seen[two].out)) tasks.push_back(left);
  kill(server[0], SIGKILL);
  EXPECT_NE(stage.finish(one).lost, "");
  EXPECT_NE(stage.finish(two).lost, "");
  for (pid_t pid : tasks) EXPECT_TRUE(is_gone_soon(pid));
  EXPECT_NE(stage.run("tell").lost, "") << "later launches too";
}

TEST(LocalExecutor, a_server_that_a_task_stopped_is_killed_with_all_that_tasks_left) {
  for (const char* frame : {"stop_server and stay", "stop_server and end"}) {
    Stage stage(200ms);
    LaunchId other = stage.launch("sleep");
    stage.until([&] { return !stage.recorder.seen[other].out.empty(); });
    std::vector<pid_t> tasks = children_of(children_of(getpid()).at(0));
    LaunchId id = stage.launch(frame);
    EXPECT_NE(stage.finish(id).lost, "") << frame;
    EXPECT_NE(stage.finish(other).lost.find("did not answer"), std::string::npos) << stage.finish(other).lost;
    for (pid_t left : pids_in(stage.recorder.seen[id].out)) tasks.push_back(left);
    EXPECT_EQ(tasks.size(), 3u) << "what it left is known from its output";
    for (pid_t pid : tasks) EXPECT_TRUE(is_gone_soon(pid)) << frame;
    EXPECT_EQ(children_of(getpid()), std::vector<pid_t>());
    EXPECT_NE(stage.run("tell").lost, "") << "later launches too";
  }
}

TEST(LocalExecutor, the_end_of_an_executor_ends_a_server_that_is_stopped) {
  std::vector<pid_t> left;
  {
    Stage stage(1h);
    LaunchId id = stage.launch("stop_server and stay");
    stage.until([&] { return pids_in(stage.recorder.seen[id].out).size() == 2; });
    left = pids_in(stage.recorder.seen[id].out);
  }
  for (pid_t pid : left) EXPECT_TRUE(is_gone_soon(pid));
}

TEST(LocalExecutor, a_server_that_answers_goes_on_however_long_nothing_happens) {
  Stage stage(50ms);
  LaunchId id = stage.launch("sleep");
  stage.until([&] { return !stage.recorder.seen[id].out.empty(); });
  const auto end = std::chrono::steady_clock::now() + 500ms;
  while (std::chrono::steady_clock::now() < end) stage.loop.run_once(20ms);
  EXPECT_FALSE(stage.recorder.seen[id].exit);
}

TEST(LocalExecutor, when_the_front_is_killed_everything_dies) {
  int report[2];
  ASSERT_EQ(pipe(report), 0);
  pid_t front = fork();
  if (front == 0) {
    Stage stage;
    LaunchId id = stage.launch("grandchild_and_hang");
    stage.until([&] { return pids_in(stage.recorder.seen[id].out).size() == 2; });
    std::vector<pid_t> pids = pids_in(stage.recorder.seen[id].out);
    pids.push_back(children_of(getpid()).at(0));
    pids.push_back(children_of(pids.back()).at(0));
    write_all(report[1], {reinterpret_cast<char*>(pids.data()), pids.size() * sizeof(pid_t)});
    while (true) pause();
  }
  pid_t pids[4];
  ASSERT_EQ(read(report[0], pids, sizeof pids), static_cast<ssize_t>(sizeof pids));
  kill(front, SIGKILL);
  waitpid(front, nullptr, 0);
  for (pid_t pid : pids) EXPECT_TRUE(is_gone_soon(pid)) << pid;
  close(report[0]);
  close(report[1]);
}

// --- fresh processes ------------------------------------------------------------------------------------------

TEST(LocalExecutor, an_environment_is_set_in_a_fresh_process) {
  setenv("BACKLOT_TEST", "inherited", 1);
  Stage stage;
  EXPECT_EQ(stage.run("getenv").manifest, "inherited");
  EXPECT_EQ(stage.finish(stage.launch("getenv", {{"BACKLOT_TEST", "a=b, \n"}, {"OTHER", ""}})).manifest, "a=b, \n");
  EXPECT_EQ(stage.finish(stage.launch("tell", {{"X", "y"}})).manifest, "done");
  EXPECT_EQ(stage.last_seen().out, "to out\n");
  EXPECT_EQ(stage.last_seen().label, "item 3");
  EXPECT_EQ(stage.run("getenv").manifest, "inherited") << "the others are as before";
  unsetenv("BACKLOT_TEST");
}

TEST(LocalExecutor, a_fresh_process_crashes_and_is_stopped_like_any_other) {
  Stage stage;
  std::vector<std::pair<std::string, std::string>> environment = {{"X", "y"}};
  EXPECT_EQ(stage.finish(stage.launch("segfault", environment)).code, SIGSEGV);
  LaunchId id = stage.launch("grandchild_and_hang", environment);
  stage.until([&] { return pids_in(stage.recorder.seen[id].out).size() == 2; });
  stage.executor.stop(id, Stop::now);
  EXPECT_EQ(stage.finish(id).code, SIGKILL);
  for (pid_t pid : pids_in(stage.recorder.seen[id].out)) EXPECT_TRUE(is_gone_soon(pid));
}

TEST(LocalExecutor, an_environment_too_large_is_refused_with_a_reason) {
  Stage stage;
  Exit exit = stage.finish(stage.launch("tell", {{"X", std::string(200'000, 'x')}}));
  EXPECT_NE(exit.lost.find("environment"), std::string::npos);
  exit = stage.finish(stage.launch("tell", {{"X", std::string(90'000, 'x')}}));
  EXPECT_EQ(exit.manifest, "done");
}

TEST(ForkServer, with_threads_every_task_is_a_fresh_process) {
  std::atomic<bool> end = false;
  std::thread other([&] {
    while (!end) std::this_thread::sleep_for(1ms);
  });
  ForkServer server = spawn_fork_server(run_test_task);
  end = true;
  other.join();
  ASSERT_EQ(server.notices().size(), 1);
  EXPECT_NE(server.notices()[0].find(" threads run before the flow does"), std::string::npos) << server.notices()[0];

  EventLoop loop;
  Recorder recorder;
  LocalExecutor executor(loop, std::move(server));
  executor.set_events(&recorder);
  Launch launch;
  launch.id = LaunchId(1);
  launch.frame = "tell";
  executor.launch(std::move(launch));
  while (recorder.exits == 0) loop.run_once(1s);
  EXPECT_EQ(recorder.seen[LaunchId(1)].exit->manifest, "done");
}

TEST(ForkServer, the_thread_of_an_allocator_that_knows_forks_is_none) {
  std::atomic<bool> named = false, end = false;
  std::thread other([&] {
    pthread_setname_np(pthread_self(), "jemalloc_bg_thd");
    named = true;
    while (!end) std::this_thread::sleep_for(1ms);
  });
  while (!named) std::this_thread::sleep_for(1ms);
  ForkServer server = spawn_fork_server(run_test_task);
  end = true;
  other.join();
  EXPECT_TRUE(server.notices().empty());
}

TEST(ForkServer, unused_it_ends_with_its_owner) {
  pid_t pid;
  {
    ForkServer server = spawn_fork_server(run_test_task);
    EXPECT_TRUE(server.notices().empty());
    pid = server.pid();
    EXPECT_FALSE(is_gone(pid));
  }
  EXPECT_TRUE(is_gone(pid));
}

}  // namespace

int test_task_main(int fd) { run_task_process(fd, run_test_task); }

void note_what_was_given() {
  for (auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    given.insert(fs::read_symlink(entry, gone).string());
  }
}

}  // namespace backlot

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], backlot::task_argument) == 0) backlot::test_task_main(std::atoi(argv[2]));
  backlot::note_what_was_given();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
