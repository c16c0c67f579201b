// Flows for the corners of the engine: ranges of pure items, pools, environments, signals.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>

#include "backlot/sdk/flow.h"

using namespace backlot;

/// Pure items, one of which crashes its process.
struct Ranged {
  Parameter<int> width{"Items", 200};
  Parameter<int> culprit{"The item that crashes", -1};
  Artifact<std::vector<int>> items;
  Artifact<int> value, process, sum, processes;
  BACKLOT_FIELDS(width, culprit, items, value, process, sum, processes)
  void start() {
    items.edit().resize(static_cast<std::size_t>(*width));
    std::iota(items.edit().begin(), items.edit().end(), 0);
  }
  void work(const int& item) {
    if (item == *culprit) std::abort();
    value = item;
    process = static_cast<int>(getpid());
  }
  void join(const Inputs<Ranged, int>& in) {
    sum = 0;
    std::set<int> seen;
    for (const auto& branch : in) {
      sum.edit() += *branch->value;
      seen.insert(*branch->process);
    }
    processes = static_cast<int>(seen.size());
  }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::items>(step<&F::work>.pure()).join(step<&F::join>));
  }
};

/// A pool of one place, and an environment that only one step sees.
struct Guarded {
  Artifact<std::vector<int>> items;
  Artifact<std::string> seen;
  Artifact<std::int64_t> began, ended;
  Artifact<bool> alone;
  BACKLOT_FIELDS(items, seen, began, ended, alone)
  static std::int64_t now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }
  void start() { items = std::vector<int>{1, 2, 3, 4}; }
  void work(const int&) {
    began = now();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ended = now();
  }
  void join(const Inputs<Guarded, int>& in) {
    std::vector<std::pair<std::int64_t, std::int64_t>> times;
    for (const auto& branch : in) times.emplace_back(*branch->began, *branch->ended);
    std::sort(times.begin(), times.end());
    alone = true;
    for (std::size_t i = 1; i < times.size(); ++i) alone = *alone && times[i - 1].second <= times[i].first;
  }
  void look() {
    const char* value = std::getenv("ONLY_HERE");
    seen = std::string(value ? value : "nothing");
  }
  void end() { std::printf("%s %s\n", *alone ? "alone" : "together", seen->c_str()); }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::items>(step<&F::work>.pool("door")).join(step<&F::join>),
                 step<&F::look>.environment({{"ONLY_HERE", "yes"}}), step<&F::end>);
  }
};

/// Attaches metadata and dies at once, twice; the third attempt ends well.
struct Attached {
  Artifact<int> attempts;
  BACKLOT_FIELDS(attempts)
  void start() {
    current().metadata("phase", "loading");
    current().metadata("phase", "attempt " + std::to_string(current().attempt()));
    if (current().attempt() < 2) std::raise(SIGKILL);
    attempts = current().attempt() + 1;
  }
  template <class F>
  static constexpr auto graph() {
    return step<&F::start>.retry({.times = 2});
  }
};

/// Prints in pieces that are no lines, in bytes that are no text, and does not end its last line.
struct Talking {
  Artifact<int> pieces;
  BACKLOT_FIELDS(pieces)
  void start() {
    pieces = 0;
    for (const char* piece : {"one ", "line\n", "\xff no ", "end"}) {
      std::fputs(piece, stdout);
      std::fflush(stdout);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      ++pieces.edit();
    }
  }
  template <class F>
  static constexpr auto graph() {
    return step<&F::start>;
  }
};

/// Stops the process that starts tasks, unless told not to, and does not end.
struct Stopping {
  Artifact<int> begun, value;
  BACKLOT_FIELDS(begun, value)
  void start() { begun = 1; }
  void stop() {
    if (!std::getenv("SPARE_THE_SERVER")) {
      kill(getppid(), SIGSTOP);
      std::this_thread::sleep_for(std::chrono::hours(1));
    }
    value = 2;
  }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, step<&F::stop>);
  }
};

/// Prints many lines, and fails at their end where it is told to.
struct Flooding {
  Parameter<int> lines{"How many", 20000};
  Parameter<bool> fail{"At the end", false};
  Artifact<bool> ended;
  BACKLOT_FIELDS(lines, fail, ended)
  void start() {
    for (int i = 1; i <= *lines; ++i) std::printf("line %d\n", i);
    if (*fail) throw std::runtime_error("too many lines");
    ended = true;
  }
  template <class F>
  static constexpr auto graph() {
    return step<&F::start>;
  }
};

/// A float of any kind, handed on; breaks when it is told to.
struct Limited {
  Parameter<double> limit{"A float"};
  Artifact<double> seen;
  BACKLOT_FIELDS(limit, seen)
  void start() { seen = *limit; }
  void end() {
    if (std::getenv("BREAK")) throw std::runtime_error("told to");
    std::printf("the limit is %g, and %g was seen\n", *limit, *seen);
  }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, step<&F::end>);
  }
};

int main(int argc, char** argv) {
  return backlot::main<Ranged, Guarded, Attached, Talking, Stopping, Flooding, Limited>(argc, argv);
}
