// The flows of the engine's bench: steps that do next to nothing, so that what is measured is the engine.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <numeric>

#include "backlot/sdk/flow.h"

using namespace backlot;

/// `width` tasks with one artifact each, in processes of their own, and a join that reads them all.
struct Trivial {
  Parameter<int> width{"Items of the foreach", 1000};
  Parameter<int> first{"The first item; the others follow it", 0};
  Artifact<std::vector<int>> items;
  Artifact<int> value;
  Artifact<std::int64_t> sum;
  BACKLOT_FIELDS(width, first, items, value, sum)
  void start() {
    items.edit().resize(static_cast<std::size_t>(*width));
    std::iota(items.edit().begin(), items.edit().end(), *first);
  }
  void work(const int& item) { value = item; }
  void join(const Inputs<Trivial, int>& in) {
    std::int64_t all = 0;
    for (const auto& branch : in) all += *branch->value - *first;
    sum = all;
  }
  void end() { std::printf("%lld\n", static_cast<long long>(*sum)); }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::items>(step<&F::work>).join(step<&F::join>), step<&F::end>);
  }
};

/// The same with pure items: many of them share a process.
struct Pure : Trivial {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::items>(step<&F::work>.pure()).join(step<&F::join>), step<&F::end>);
  }
};

struct Three {
  Artifact<int> value;
  BACKLOT_FIELDS(value)
  void start() { value = 1; }
  void middle() { value = *value + 1; }
  void end() { value = *value + 1; }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, step<&F::middle>, step<&F::end>);
  }
};

/// The floor of an isolated task: fork, exit and wait of this very program, from a process with the pages that a task
/// has: one of the runner's.
struct Floor {
  Parameter<int> times{"Forks to measure", 3000};
  Artifact<double> cpu_us;
  BACKLOT_FIELDS(times, cpu_us)

  static double used_us() {
    double us = 0;
    for (int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
      rusage u{};
      getrusage(who, &u);
      us += 1e6 * static_cast<double>(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
            static_cast<double>(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
    }
    return us;
  }
  void fork_and_wait() {
    double before = used_us();
    for (int i = 0; i < *times; ++i) {
      pid_t pid = fork();
      if (pid == 0) _exit(0);
      waitpid(pid, nullptr, 0);
    }
    cpu_us = (used_us() - before) / *times;
  }
  template <class F>
  static constexpr auto graph() {
    return step<&F::fork_and_wait>;
  }
};

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--nothing") == 0) return 0;  // the floor of a fresh process
  return backlot::main<Trivial, Pure, Three, Floor>(argc, argv);
}
