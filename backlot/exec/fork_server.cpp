#include "backlot/exec/fork_server.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "backlot/base/error.h"
#include "backlot/exec/server_loop.h"

namespace backlot {
namespace {

/// Why forking this process again and again would not be safe; empty when it is.
std::string reason_for_fresh_processes() {
  namespace fs = std::filesystem;
  if (const char* fresh = std::getenv("BACKLOT_FRESH"); fresh && std::string_view(fresh) == "1") {
    return "BACKLOT_FRESH=1: every task is started as a fresh process";
  }
  auto threads = std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator());
  if (threads == 1) return "";
  return std::to_string(threads) +
         " threads run before the flow does, so every task is started as a fresh process "
         "(a library starts them; OPENBLAS_NUM_THREADS=1 keeps OpenBLAS from it)";
}

}  // namespace

ForkServer spawn_fork_server(const RunTask& run_task, FreshStart fresh) {
  if (fresh.reason.empty()) fresh.reason = reason_for_fresh_processes();
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
  if (pid == 0) serve_tasks(front, std::move(servers), run_task, fresh);
  return ForkServer(std::move(ours), pid, std::move(fresh.reason));
}

ForkServer::ForkServer(UniqueFd socket, pid_t pid, std::string notice)
    : socket_(std::move(socket)), pid_(pid), notice_(std::move(notice)) {}

ForkServer::ForkServer(ForkServer&& other) noexcept
    : socket_(std::move(other.socket_)), pid_(std::exchange(other.pid_, 0)), notice_(std::move(other.notice_)) {}

ForkServer::~ForkServer() {
  if (pid_ == 0) return;
  socket_.reset();
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

}  // namespace backlot
