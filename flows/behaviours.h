// What a task of the chaos flow can be told to do, by name.
#pragma once
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "backlot/sdk/current.h"

namespace chaos {

inline void pause_for(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

/// Touches memory until an allocation fails, at the latest at `megabytes` of address space.
inline void leak(double megabytes) {
  const auto bytes = static_cast<rlim_t>(megabytes * 1e6);
  const rlimit limit{bytes, bytes};
  setrlimit(RLIMIT_AS, &limit);
  for (std::vector<std::unique_ptr<char[]>> held;;) std::memset(held.emplace_back(new char[1 << 20]).get(), 1, 1 << 20);
}

inline void flood(double megabytes) {
  const std::string line(999, '#');
  for (double written = 0; written < megabytes * 1e6; written += 1000) std::puts(line.c_str());
}

/// A child that outlives the task unless somebody ends it, with the task's streams open.
inline void leave_child(double seconds) {
  if (fork() == 0) pause_for(seconds), _exit(0);
}

/// Overwrites the size that glibc keeps before a block, which it notices when the block is freed.
inline void corrupt_heap() {
  volatile std::size_t* volatile block = static_cast<std::size_t*>(std::malloc(sizeof(std::size_t)));
  block[-1] = 0;
  std::free(const_cast<std::size_t*>(block));
}

inline void fail_before(int attempt) {
  const int now = backlot::current().attempt();
  if (now < attempt)
    throw std::runtime_error("flaky: attempt " + std::to_string(now) + " of " + std::to_string(attempt));
}

using Behaviour = std::function<void(double number)>;
inline std::map<std::string, Behaviour> behaviours() {
  return {
      {"ok", [](double) {}},
      {"throw", [](double) { throw std::runtime_error("thrown on demand"); }},
      {"throw_int", [](double number) { throw static_cast<int>(number); }},
      {"segfault", [](double) { std::raise(SIGSEGV); }},
      {"abort", [](double) { std::abort(); }},
      {"kill", [](double) { std::raise(SIGKILL); }},
      {"exit", [](double code) { _exit(static_cast<int>(code)); }},
      {"hang",
       [](double) {
         for (;;) pause();
       }},
      {"sleep", pause_for},
      {"leak", leak},
      {"flood", flood},
      {"close_stdout", [](double) { close(STDOUT_FILENO), close(STDERR_FILENO); }},
      {"leave_child", leave_child},
      {"corrupt_heap", [](double) { corrupt_heap(); }},
      {"flaky", [](double attempt) { fail_before(static_cast<int>(attempt)); }},
  };
}

/// "flood:10" floods 10 MB. Throws std::invalid_argument when there is no such behaviour.
inline void behave(const std::string& item) {
  const std::size_t colon = item.find(':');
  const auto all = behaviours();
  const auto found = all.find(item.substr(0, colon));
  if (found == all.end()) throw std::invalid_argument("no behaviour is called " + item);
  found->second(colon == item.npos ? 1 : std::stod(item.substr(colon + 1)));
}

}  // namespace chaos
