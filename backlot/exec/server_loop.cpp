#include "backlot/exec/server_loop.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <unordered_map>
#include <vector>

#include "backlot/base/clock.h"
#include "backlot/base/error.h"
#include "backlot/exec/exec_tier.h"
#include "backlot/exec/fork_server_messages.h"
#include "backlot/exec/oom_evidence.h"
#include "backlot/exec/process_table.h"

namespace backlot {
namespace {

/// A start is reported this late at most: most tasks have ended by then, and one datagram tells both.
constexpr int report_delay_ms = 2;
/// Commands taken before looking after ended tasks again.
constexpr int commands_at_once = 8;
/// Between two looks for what ended tasks left.
constexpr std::chrono::milliseconds orphan_interval{200};

using SteadyClock = std::chrono::steady_clock;

Usage usage_of(const rusage& used) {
  auto micros = [](const timeval& t) { return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_usec; };
  return {micros(used.ru_utime), micros(used.ru_stime), std::int64_t{used.ru_maxrss} << 10, Usage::Source::rusage};
}

bool is_our_child(pid_t pid) {
  siginfo_t info;
  return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/// A descriptor of ours, out of the way of the program's.
UniqueFd lifted(UniqueFd fd) { return UniqueFd(fcntl(fd.get(), F_DUPFD_CLOEXEC, first_high_descriptor())); }

/// The standard descriptors are /dev/null here; what the program opened stays for the tasks.
UniqueFd settle_descriptors(UniqueFd socket) {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  BACKLOT_ASSERT(null >= 0);
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) dup2(null, fd);
  if (null > STDERR_FILENO) close(null);
  return lifted(std::move(socket));
}

/// Default dispositions for the tasks to inherit, everything blocked here; what we listen to comes out of the result.
UniqueFd settle_signals() {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t set;
  sigfillset(&set);
  sigprocmask(SIG_SETMASK, &set, nullptr);
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGTERM);
  return lifted(UniqueFd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)));
}

/// Takes what is free between the blocks of the heap, for good. It lies in pages that are shared with every task: one
/// that allocates there has each of them copied, while the end of the heap gives it a few pages of its own.
void start_heap_afresh() {
  constexpr std::size_t smallest = 24, largest = 1032, step = 16;  // larger blocks fill pages of their own
  const char* end = static_cast<char*>(sbrk(0)) - mallinfo2().keepcost;
  for (std::size_t size = smallest; size <= largest; size += step) {
    const void* volatile block = nullptr;  // else the compiler sees that nobody uses it
    do block = std::malloc(size);
    while (block && block < end);
  }
}

class Server {
 public:
  Server(UniqueFd socket, const RunTask& run_task, const FreshStart& fresh, OpenFiles files);
  void serve();
  /// Kills and reaps everything that is left.
  void end();

 private:
  struct Task {
    LaunchId id;
    bool killed = false;  ///< by us
  };

  int wait_limit_ms() const;
  void wait_for_work();
  void receive_commands();
  bool receive_command();
  void launch(LaunchId id, std::string_view environment, const TaskDescriptors& descriptors);
  [[noreturn]] void run_forked(const TaskDescriptors& descriptors);
  void stop(LaunchId id, bool now);
  void take_signals();
  void reap();
  void ended(pid_t pid, Task task, int status, const rusage& used);
  void kill_orphans();
  void send_reports();

  UniqueFd socket_, signals_;
  const RunTask& run_task_;
  const FreshStart& fresh_;
  OpenFiles files_;
  const pid_t pid_ = getpid();
  OomEvidence oom_;
  std::unique_ptr<char[]> command_buffer_{new char[sizeof(ServerCommand) + environment_limit]};
  std::unordered_map<pid_t, Task> tasks_;
  std::vector<ServerReport> reports_;
  bool reports_due_ = false;
  bool socket_full_ = false;
  bool front_gone_ = false;
  bool orphans_possible_ = false;  ///< a process of ours has ended since the last look, and others live
  SteadyClock::time_point next_look_{};
};

Server::Server(UniqueFd socket, const RunTask& run_task, const FreshStart& fresh, OpenFiles files)
    : socket_(settle_descriptors(std::move(socket))),
      signals_(settle_signals()),
      run_task_(run_task),
      fresh_(fresh),
      files_(std::move(files)) {
  files_.settle_in_server();
}

void Server::serve() {
  while (!front_gone_) {
    wait_for_work();
    if (orphans_possible_ && SteadyClock::now() >= next_look_) kill_orphans();
    if (reports_due_ && !socket_full_) send_reports();
  }
}

int Server::wait_limit_ms() const {
  if (!reports_.empty() && !socket_full_) return report_delay_ms;
  if (!orphans_possible_) return -1;
  auto left = std::chrono::ceil<std::chrono::milliseconds>(next_look_ - SteadyClock::now());
  return std::max(0, static_cast<int>(left.count()));
}

void Server::wait_for_work() {
  pollfd fds[] = {{signals_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}};
  if (socket_full_) fds[1].events |= POLLOUT;
  if (poll(fds, 2, wait_limit_ms()) == 0) reports_due_ = !reports_.empty();
  if (fds[0].revents) take_signals();
  if (fds[1].revents & POLLOUT) socket_full_ = false;
  if (fds[1].revents & ~POLLOUT) receive_commands();
}

void Server::receive_commands() {
  for (int i = 0; i < commands_at_once && receive_command(); ++i) {}
}

bool Server::receive_command() {
  alignas(cmsghdr) char control[CMSG_SPACE(3 * sizeof(int))];
  iovec bytes{command_buffer_.get(), sizeof(ServerCommand) + environment_limit};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t size = recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  front_gone_ = size <= 0;
  if (front_gone_) return false;
  ServerCommand command;
  BACKLOT_ASSERT(static_cast<std::size_t>(size) >= sizeof command && !(message.msg_flags & MSG_TRUNC));
  std::memcpy(&command, command_buffer_.get(), sizeof command);
  if (command.kind == ServerCommand::Kind::launch) {
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    TaskDescriptors received;
    BACKLOT_ASSERT(header && header->cmsg_len == CMSG_LEN(sizeof received));
    std::memcpy(&received, CMSG_DATA(header), sizeof received);
    const std::size_t rest = static_cast<std::size_t>(size) - sizeof command;
    launch(command.id, {command_buffer_.get() + sizeof command, rest}, received);
    for (int fd : {received.out, received.err, received.channel}) close(fd);
  } else if (command.kind == ServerCommand::Kind::answer) {
    reports_.push_back({.kind = ServerReport::Kind::answering});
    reports_due_ = true;
  } else {
    stop(command.id, command.kind == ServerCommand::Kind::stop_now);
  }
  return true;
}

/// In the task's process.
void Server::run_forked(const TaskDescriptors& descriptors) {
  become_task(pid_, descriptors);
  const int channel = fcntl(descriptors.channel, F_DUPFD_CLOEXEC, first_high_descriptor());
  for (int fd : {descriptors.out, descriptors.err, descriptors.channel}) close(fd);
  if (!files_.settle_in_task()) {
    std::fprintf(stderr, "backlot: a file that the program had opened before its first task cannot be opened again\n");
    _exit(run_task_threw);
  }
  run_and_exit(channel, run_task_);
}

void Server::launch(LaunchId id, std::string_view environment, const TaskDescriptors& descriptors) {
  if (tasks_.empty()) oom_.refresh();
  ServerReport report{.kind = ServerReport::Kind::started, .id = id, .at = system_clock().now()};
  if (!fresh_.reason.empty() || !environment.empty()) {
    report.pid = start_fresh_task(fresh_, environment, descriptors);
  } else if ((report.pid = fork()) == 0) {
    run_forked(descriptors);
  } else if (report.pid < 0) {
    report.pid = -errno;
  }
  if (report.pid > 0) {
    tasks_.emplace(report.pid, Task{id});
  } else {
    report.kind = ServerReport::Kind::not_started;
    report.status = -report.pid;
    reports_due_ = true;
  }
  reports_.push_back(report);
}

void Server::stop(LaunchId id, bool now) {
  auto found = std::find_if(tasks_.begin(), tasks_.end(), [&](auto& entry) { return entry.second.id == id; });
  if (found == tasks_.end()) return;
  const pid_t task = found->first;
  // The task itself by its own number: it may not have made its session yet.
  kill(task, now ? SIGKILL : SIGTERM);
  if (now) {
    found->second.killed = true;
    return;
  }
  each_process([&](pid_t pid) {
    if (pid != task && getsid(pid) == task) kill(pid, SIGTERM);
  });
}

void Server::take_signals() {
  signalfd_siginfo infos[8];
  ssize_t size = read(signals_.get(), infos, sizeof infos);
  for (std::size_t i = 0; size > 0 && i < static_cast<std::size_t>(size) / sizeof infos[0]; ++i) {
    front_gone_ |= infos[i].ssi_signo == SIGTERM;
  }
  reap();
}

void Server::reap() {
  while (true) {
    siginfo_t info{};
    bool children = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
    const pid_t pid = info.si_pid;
    if (!children) orphans_possible_ = false;
    if (!children || pid == 0) return;
    // Before it is reaped: until then nobody else can get its number.
    auto task = tasks_.extract(pid);
    if (!task.empty()) kill(-pid, SIGKILL);
    int status = 0;
    rusage used{};
    wait4(pid, &status, 0, &used);
    orphans_possible_ = true;
    if (!task.empty()) ended(pid, task.mapped(), status, used);
  }
}

void Server::ended(pid_t pid, Task task, int status, const rusage& used) {
  bool killed_by_other = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && !task.killed;
  reports_.push_back({.kind = ServerReport::Kind::ended,
                      .pid = pid,
                      .id = task.id,
                      .status = status,
                      .out_of_memory = killed_by_other && oom_.claim(),
                      .usage = usage_of(used)});
  reports_due_ = true;
  if (task.killed) next_look_ = {};
}

/// The children that are no tasks were left by tasks that have ended: a living task keeps its own. Their children come
/// to us when they die, hence another look soon. Looking in vain costs time; it is given at most a fiftieth of it.
void Server::kill_orphans() {
  auto begin = SteadyClock::now();
  bool found = false;
  each_process([&](pid_t pid) {
    if (tasks_.contains(pid) || !is_our_child(pid)) return;
    kill(pid, SIGKILL);
    found = true;
  });
  orphans_possible_ = found;
  auto end = SteadyClock::now();
  next_look_ =
      end + std::max<SteadyClock::duration>(orphan_interval, found ? SteadyClock::duration{} : 50 * (end - begin));
}

void Server::send_reports() {
  std::size_t sent = 0;
  while (sent < reports_.size()) {
    std::size_t count = std::min(reports_.size() - sent, reports_at_once);
    if (send(socket_.get(), &reports_[sent], count * sizeof(ServerReport), MSG_NOSIGNAL) < 0) {
      socket_full_ = errno == EAGAIN;
      front_gone_ |= !socket_full_ && errno != EINTR;
      break;
    }
    sent += count;
  }
  reports_.erase(reports_.begin(), reports_.begin() + static_cast<std::ptrdiff_t>(sent));
  reports_due_ = !reports_.empty();
}

void Server::end() {
  for (auto& [pid, task] : tasks_) kill(-pid, SIGKILL);
  while (true) {
    each_process([](pid_t pid) {
      if (is_our_child(pid)) kill(pid, SIGKILL);
    });
    pid_t reaped;
    while ((reaped = waitpid(-1, nullptr, WNOHANG)) > 0) {}
    if (reaped < 0 && errno == ECHILD) return;
    pollfd child_ended{signals_.get(), POLLIN, 0};
    poll(&child_ended, 1, 10);
    signalfd_siginfo info;
    while (read(signals_.get(), &info, sizeof info) > 0) {}
  }
}

}  // namespace

void serve_tasks(pid_t front, UniqueFd socket, const RunTask& run_task, const FreshStart& fresh,
                 OpenFiles files) noexcept {
  // A session of its own: no signal of a terminal or to the front's group reaches it.
  setsid();
  prctl(PR_SET_NAME, "backlot-forks");
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  print_by_lines();  // so will all tasks
  start_heap_afresh();
  Server server(std::move(socket), run_task, fresh, std::move(files));
  // The closing of the socket tells of the front's death as well, unless somebody inherited its end.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() == front) server.serve();
  server.end();
  _exit(0);
}

}  // namespace backlot
