#include "backlot/exec/fork_server.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "backlot/base/error.h"
#include "backlot/exec/process_table.h"
#include "backlot/exec/server_loop.h"

namespace backlot {
namespace {

/// So long may a server take to kill what is left, before it is killed itself.
constexpr int end_patience_ms = 10'000;

/// Without the thread of jemalloc (pyarrow's allocator), which holds no lock while its process forks.
int count_threads() {
  int count = 0;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(thread.path() / "comm"), name);
    if (name != "jemalloc_bg_thd") ++count;
  }
  return count;
}

/// Why forking this process again and again would not be safe; empty when it is.
std::string reason_for_fresh_processes() {
  if (const char* fresh = std::getenv("BACKLOT_FRESH"); fresh && std::string_view(fresh) == "1") {
    return "BACKLOT_FRESH=1: every task is started as a fresh process";
  }
  const int threads = count_threads();
  if (threads == 1) return "";
  return std::to_string(threads) +
         " threads run before the flow does, so every task is started as a fresh process "
         "(a library starts them; OPENBLAS_NUM_THREADS=1 keeps OpenBLAS from it)";
}

void wait_for(pid_t pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
}

}  // namespace

ForkServer spawn_fork_server(const RunTask& run_task, FreshStart fresh) {
  if (fresh.reason.empty()) fresh.reason = reason_for_fresh_processes();
  OpenFiles files = OpenFiles::of_this_process();
  if (fresh.reason.empty() && !files.reason_for_fresh().empty())
    fresh.reason = files.reason_for_fresh() + ": every task is started as a fresh process";
  std::vector<std::string> notices;
  if (fresh.reason.empty())
    notices = files.notices();
  else
    notices.push_back(fresh.reason);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    throw_system_error("socketpair");
  UniqueFd ours(ends[0]), servers(ends[1]);
  // What is buffered would come out of every task again.
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t front = getpid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);  // what a killed server leaves comes to us
  pid_t pid = fork();
  if (pid < 0) throw_system_error("fork");
  if (pid == 0) {
    ours.reset();  // else the server would never see that the front has gone
    serve_tasks(front, std::move(servers), run_task, fresh, std::move(files));
  }
  return ForkServer(std::move(ours), pid, std::move(notices));
}

ForkServer::ForkServer(UniqueFd socket, pid_t pid, std::vector<std::string> notices)
    : socket_(std::move(socket)),
      pid_(pid),
      started_(process_info(pid).value_or(ProcessInfo{}).started),
      notices_(std::move(notices)) {}

ForkServer::ForkServer(ForkServer&& other) noexcept
    : socket_(std::move(other.socket_)),
      pid_(std::exchange(other.pid_, 0)),
      started_(other.started_),
      notices_(std::move(other.notices_)) {}

ForkServer::~ForkServer() {
  if (pid_ == 0) return;
  socket_.reset();
  kill(pid_, SIGCONT);  // one that is stopped would not see it
  const UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  pollfd ended{process.get(), POLLIN, 0};
  if (process && poll(&ended, 1, end_patience_ms) == 0)
    kill_all();
  else
    wait_for(pid_);
}

void ForkServer::kill_all() {
  if (pid_ == 0) return;
  kill_descendants(pid_);  // while it knows them
  kill(pid_, SIGKILL);
  wait_for(std::exchange(pid_, 0));
  kill_adopted(started_);
}

}  // namespace backlot
