// What the tasks of the executor's tests do, by the first word of their frame.
#pragma once
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include "backlot/exec/local_executor.h"

namespace backlot {

/// What the test was given by whoever started it.
inline std::set<std::string> given;

/// The channel's number, which no task needs to know.
inline int channel_number() {
  for (auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    if (std::filesystem::read_symlink(entry).string().starts_with("socket:"))
      return std::atoi(entry.path().filename().c_str());
  return -1;
}

inline void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0) _exit(99);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

/// A process that does nothing, keeps all it inherited and says its number first.
inline void leave_sleeper(bool own_group, bool own_session) {
  if (pid_t pid = fork(); pid != 0) {
    std::printf("pid %d\n", pid);
    return;
  }
  if (own_group) setpgid(0, 0);
  if (own_session) setsid();
  signal(SIGTERM, SIG_IGN);
  while (true) pause();
}

inline std::string run_test_task(std::string_view frame, TaskReporter& report) {
  std::string what(frame.substr(0, frame.find(' ')));
  if (what == "tell") {
    std::printf("to out\n");
    std::fprintf(stderr, "to err\n");
    report.label("item 3");
    report.progress(1, 2, "half");
    report.metadata("rows", "17");
    return "done";
  }
  if (what == "echo") return std::string(frame);
  if (what == "throw") throw std::runtime_error("the store is gone");
  if (what == "segfault") {
    signal(SIGSEGV, SIG_DFL);  // a sanitizer would handle it
    raise(SIGSEGV);
  }
  if (what == "abort") std::abort();
  if (what == "exit3") _exit(3);
  if (what == "exit0") _exit(0);
  if (what == "crash_after_line") {
    std::printf("last words\n");
    raise(SIGKILL);
  }
  if (what == "flood") {
    std::string block(1 << 20, 'x');
    for (int i = 0; i < 100; ++i) write_all(1, block);
  }
  if (what == "close_stdout") {
    close(1);
    close(2);
    close(0);
  }
  if (what == "close_all") {
    close_range(0, ~0U, 0);
    open("/dev/null", O_RDWR);
  }
  if (what == "grandchild") leave_sleeper(false, false);
  if (what == "grandchild_group") leave_sleeper(true, false);
  if (what == "grandchild_session") leave_sleeper(true, true);
  if (what == "grandchild_and_hang") {
    leave_sleeper(false, false);
    leave_sleeper(true, true);
    std::this_thread::sleep_for(std::chrono::hours(1));
  }
  if (what == "sleep") {
    std::printf("sleeping\n");
    std::this_thread::sleep_for(std::chrono::hours(1));
  }
  if (what == "stubborn") {
    signal(SIGTERM, SIG_IGN);
    std::printf("stubborn\n");
    std::this_thread::sleep_for(std::chrono::hours(1));
  }
  if (what == "stop_server") {
    leave_sleeper(false, false);
    leave_sleeper(true, true);
    kill(getppid(), SIGSTOP);
    if (frame.ends_with("and stay")) std::this_thread::sleep_for(std::chrono::hours(1));
  }
  if (what == "eat_memory") {
    for (std::size_t eaten = 0; eaten < std::size_t{512} << 20; eaten += 1 << 20) {
      std::memset(mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1, 1 << 20);
    }
  }
  if (what == "getenv") return std::getenv("BACKLOT_TEST") ? std::getenv("BACKLOT_TEST") : "(unset)";
  if (what == "getpid") return std::to_string(getpid());
  if (what == "surroundings") {
    std::string text;
    for (auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::string number = entry.path().filename();
      std::string target = std::filesystem::read_symlink(entry);
      if (std::atoi(number.c_str()) > 2 && !given.contains(target) && !target.starts_with("/proc/"))
        text += target.substr(0, 7) + " ";
    }
    sigset_t mask;
    sigprocmask(SIG_BLOCK, nullptr, &mask);
    for (int signal = 1; signal < 32; ++signal) {
      struct sigaction action;
      sigaction(signal, nullptr, &action);
      if (sigismember(&mask, signal)) text += "blocked ";
      if (action.sa_handler == SIG_IGN) text += "ignored ";
    }
    int death_signal = 0;
    prctl(PR_GET_PDEATHSIG, &death_signal);
    return text + (getsid(0) == getpid() ? "own session, " : "") +
           (death_signal == SIGKILL ? "dies with parent, " : "") +
           std::filesystem::read_symlink("/proc/self/fd/0").string();
  }
  if (what == "half_manifest") {
    std::string wire = wire_form(TaskMessage::Kind::manifest, "never whole");
    write_all(channel_number(), std::string_view(wire).substr(0, wire.size() - 1));
    _exit(0);
  }
  if (what == "garbage") {
    const int channel = channel_number();
    for (int i = 0; i < 100; ++i) write_all(channel, std::string(1000, 'g'));
  }
  return "done";
}

}  // namespace backlot
