#include "backlot/exec/task_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>

namespace backlot {

void become_task(int parent, const TaskDescriptors& descriptors) noexcept {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it died before we asked to be told
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  dup2(descriptors.out, STDOUT_FILENO);
  dup2(descriptors.err, STDERR_FILENO);
  const sigset_t none{};
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

void print_by_lines() noexcept {
  // A buffer of its own makes the change take effect on a stream that was written to before.
  static char buffer[BUFSIZ];
  std::setvbuf(stdout, buffer, _IOLBF, sizeof buffer);
}

void run_and_exit(int channel_fd, const RunTask& run_task) noexcept {
  fcntl(channel_fd, F_SETFD, FD_CLOEXEC);
  TaskChannel channel(channel_fd);
  int code = 0;
  try {
    if (auto frame = channel.receive_frame()) channel.send_manifest(run_task(*frame, channel));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "backlot: the task could not be run: %s\n", error.what());
    code = run_task_threw;
  } catch (...) {
    std::fprintf(stderr, "backlot: the task could not be run\n");
    code = run_task_threw;
  }
  std::cout.flush();
  std::fflush(nullptr);
  _exit(code);
}

void run_task_process(int fd, const RunTask& run_task) {
  // It was started as /proc/self/exe; show its own name.
  prctl(PR_SET_NAME, program_invocation_short_name);
  print_by_lines();
  run_and_exit(fd, run_task);
}

}  // namespace backlot
