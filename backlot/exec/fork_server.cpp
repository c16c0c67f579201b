#include "backlot/exec/fork_server.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "backlot/base/error.h"
#include "backlot/exec/server_loop.h"

namespace backlot {
namespace {

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
  pid_t pid = fork();
  if (pid < 0) throw_system_error("fork");
  if (pid == 0) {
    ours.reset();  // else the server would never see that the front has gone
    serve_tasks(front, std::move(servers), run_task, fresh, std::move(files));
  }
  return ForkServer(std::move(ours), pid, std::move(notices));
}

ForkServer::ForkServer(UniqueFd socket, pid_t pid, std::vector<std::string> notices)
    : socket_(std::move(socket)), pid_(pid), notices_(std::move(notices)) {}

ForkServer::ForkServer(ForkServer&& other) noexcept
    : socket_(std::move(other.socket_)), pid_(std::exchange(other.pid_, 0)), notices_(std::move(other.notices_)) {}

ForkServer::~ForkServer() {
  if (pid_ == 0) return;
  socket_.reset();
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

}  // namespace backlot
