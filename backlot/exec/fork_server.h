// The runner of C++ flows: a small process that forks one process per task.
//
// It is forked from the front process early, while that is small, has one thread and no open catalog, and it never runs
// a task's code itself. It is told what to do over a socket (control.h); the scheduler's end is LocalExecutor.
//
// What holds, whatever a task does:
// - A task's process is its own session; its descriptors are its pipes, its channel, /dev/null and, in a fork, the
// files that the program had opened (open_files.h); no signal is blocked.
// - It has ended when it was reaped. Then the rest of its process group is killed (SIGKILL) at once. What left the
// group,
//   even by making a session of its own, falls to the server (task and server are subreapers) and is killed within
//   about a quarter of a second (later on machines with very many processes: looking for it may cost 2 % of a core at
//   most); at once after stop(). A living task keeps its own orphans: a wait() for any child in it may return one.
// - When the front dies, by SIGKILL too, the server kills all that its tasks started, reaps it and ends.
// - When the server itself is killed, the kernel kills the task processes with it, and the front, a subreaper as well,
//   kills what they had started. Only when both die at once, a grandchild that left its group survives.
// - A server that is stopped (SIGSTOP), or does not carry out a stop, is killed with all its tasks (LocalExecutor).
// - A server cannot be made again after the front has threads: its attempts are lost, and so is the executor.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "backlot/base/unique_fd.h"
#include "backlot/exec/exec_tier.h"
#include "backlot/exec/task_process.h"

namespace backlot {

/// The front's hold on the server. Destroying it ends the server and everything its tasks left, and waits for that.
class ForkServer {
 public:
  /// `pid` is a child of this process, which must be a subreaper.
  ForkServer(UniqueFd socket, pid_t pid, std::vector<std::string> notices);
  ForkServer(ForkServer&& other) noexcept;
  ~ForkServer();

  int socket() const { return socket_.get(); }
  pid_t pid() const { return pid_; }
  /// Kills the server, if it lives, and everything that its tasks started.
  void kill_all();
  /// What people should know of how tasks are started: why each is a fresh process instead of a fork, and which files
  /// all tasks share.
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  UniqueFd socket_;
  pid_t pid_;              ///< 0: it has ended, or is another's
  std::uint64_t started_;  ///< ProcessInfo::started
  std::vector<std::string> notices_;
};

/// Forks the server. Call it early in main(): with more than one thread (a linked OpenBLAS starts some before main),
/// with BACKLOT_FRESH=1 in the environment, with something open that forks cannot share (open_files.h), or when `fresh`
/// has a reason, every task becomes a fresh process, and notices() say so. Flushes stdio. Throws Error io.
ForkServer spawn_fork_server(const RunTask& run_task, FreshStart fresh = {});

}  // namespace backlot
