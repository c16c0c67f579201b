// What a trivial task costs: CPU time of all processes, per task, through LocalExecutor against the system's floor,
// forked and fresh. Prints one JSON object.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>

#include "backlot/base/error.h"
#include "backlot/exec/local_executor.h"

namespace backlot {
namespace {

std::string run_trivial_task(std::string_view, TaskReporter&) { return "done"; }

double micros(const timeval& t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); }

struct Cost {
  double cpu_us, wall_us;
};

/// Of one of `count` things that `work` does: CPU of this process and of all it reaped meanwhile.
Cost cost_of(int count, const std::function<void()>& work) {
  auto cpu = [] {
    rusage self, children;
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    return micros(self.ru_utime) + micros(self.ru_stime) + micros(children.ru_utime) + micros(children.ru_stime);
  };
  double before = cpu();
  auto begin = std::chrono::steady_clock::now();
  work();
  std::chrono::duration<double, std::micro> wall = std::chrono::steady_clock::now() - begin;
  return {(cpu() - before) / count, wall.count() / count};
}

class Counter : public ExecutorEvents {
 public:
  void on_started(LaunchId, Micros, std::int64_t) override {}
  void on_output(LaunchId, Stream, std::string_view) override {}
  void on_label(LaunchId, std::string_view) override {}
  void on_progress(LaunchId, double, std::string_view) override {}
  void on_exit(LaunchId, Exit&& exit) override {
    if (exit.manifest != "done") throw Error(ErrorCode::internal, "a task failed: " + exit.lost);
    ++done;
    next();
  }
  int done = 0;
  std::function<void()> next;
};

/// `count` tasks, `parallel` of them at a time; the server's start and end are part of it.
void run_tasks(int count, int parallel, bool fresh) {
  ForkServer server = spawn_fork_server(run_trivial_task);
  EventLoop loop;
  LocalExecutor executor(loop, std::move(server));
  Counter counter;
  executor.set_events(&counter);
  int launched = 0;
  counter.next = [&] {
    if (launched == count) return;
    Launch launch;
    launch.id = LaunchId(++launched);
    launch.frame = std::string(300, 'f');
    if (fresh) launch.environment = {{"OMP_NUM_THREADS", "1"}};
    executor.launch(std::move(launch));
  };
  for (int i = 0; i < parallel; ++i) counter.next();
  while (counter.done < count) loop.run_once();
}

void fork_and_wait(int count) {
  for (int i = 0; i < count; ++i) {
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    waitpid(pid, nullptr, 0);
  }
}

void spawn_and_wait(int count, const char* argument) {
  char program[] = "/proc/self/exe";
  std::string copy = argument;
  char* arguments[] = {program, copy.data(), nullptr};
  for (int i = 0; i < count; ++i) {
    pid_t pid;
    if (posix_spawn(&pid, program, nullptr, nullptr, arguments, environ) != 0) std::abort();
    waitpid(pid, nullptr, 0);
  }
}

void print(const char* name, const Cost& task, const Cost& floor, const char* end) {
  std::printf("  \"%s\": {\"cpu_us\": %.1f, \"wall_us\": %.1f, \"floor_cpu_us\": %.1f, \"ratio\": %.2f}%s\n", name,
              task.cpu_us, task.wall_us, floor.cpu_us, task.cpu_us / floor.cpu_us, end);
}

int bench(int count) {
  const int fresh_count = count / 8 + 1;
  fork_and_wait(100);
  Cost fork_floor = cost_of(count, [&] { fork_and_wait(count); });
  Cost one = cost_of(count, [&] { run_tasks(count, 1, false); });
  Cost four = cost_of(count, [&] { run_tasks(count, 4, false); });
  Cost many = cost_of(count, [&] { run_tasks(count, 64, false); });
  Cost spawn_floor = cost_of(fresh_count, [&] { spawn_and_wait(fresh_count, "--nothing"); });
  Cost fresh = cost_of(fresh_count, [&] { run_tasks(fresh_count, 2, true); });
  std::printf("{\n  \"tasks\": %d,\n", count);
  print("forked_one_at_a_time", one, fork_floor, ",");
  print("forked_4_at_a_time", four, fork_floor, ",");
  print("forked_64_at_a_time", many, fork_floor, ",");
  print("fresh_2_at_a_time", fresh, spawn_floor, "");
  std::printf("}\n");
  return 0;
}

}  // namespace
}  // namespace backlot

int main(int argc, char** argv) {
  using namespace backlot;
  if (argc == 2 && std::strcmp(argv[1], "--nothing") == 0) return 0;
  if (argc == 3 && std::strcmp(argv[1], task_argument) == 0) run_task_process(std::atoi(argv[2]), run_trivial_task);
  return bench(argc > 1 ? std::atoi(argv[1]) : 4000);
}
