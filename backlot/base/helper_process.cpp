#include "backlot/base/helper_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

#include "backlot/base/error.h"
#include "backlot/base/unique_fd.h"

extern char** environ;

namespace backlot {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t err_limit = 64 << 10;

struct Pipe {
  UniqueFd read, write;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) throw_system_error("pipe");
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
};

/// A write into a pipe that nobody reads must be an error here, not the end of this process.
class IgnoreBrokenPipe {
 public:
  IgnoreBrokenPipe() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &before_);
  }
  ~IgnoreBrokenPipe() { sigaction(SIGPIPE, &before_, nullptr); }

 private:
  struct sigaction before_ {};
};

class Helper {
 public:
  Helper(const std::vector<std::string>& argv, std::string_view input, std::size_t out_limit)
      : name_(argv.at(0)), input_(input), out_limit_(out_limit) {
    start(argv);
    fcntl(in_.write.get(), F_SETFL, O_NONBLOCK);
    in_.read.reset();
    out_.write.reset();
    err_.write.reset();
  }
  ~Helper() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
  }

  HelperResult finish(std::chrono::milliseconds timeout) {
    IgnoreBrokenPipe ignore;
    const Steady::time_point deadline = Steady::now() + timeout;
    if (input_.empty()) in_.write.reset();
    while (out_.read || err_.read) move_bytes(deadline);
    await_end(deadline);
    return std::move(result_);
  }

 private:
  void start(const std::vector<std::string>& argv) {
    std::vector<char*> words;
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in_.read.get(), 0);
    posix_spawn_file_actions_adddup2(&actions, out_.write.get(), 1);
    posix_spawn_file_actions_adddup2(&actions, err_.write.get(), 2);
    int error = posix_spawnp(&pid_, words[0], &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error) {
      pid_ = 0;
      throw system_error(name_, error);
    }
  }

  int milliseconds_until(Steady::time_point deadline) const {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now()).count();
    if (left <= 0) throw Error(ErrorCode::io, name_ + " took too long and was killed");
    return static_cast<int>(std::min<decltype(left)>(left, 1000));
  }

  void move_bytes(Steady::time_point deadline) {
    pollfd watched[3] = {{in_.write.get(), POLLOUT, 0}, {out_.read.get(), POLLIN, 0}, {err_.read.get(), POLLIN, 0}};
    if (poll(watched, 3, milliseconds_until(deadline)) < 0 && errno != EINTR) throw_system_error("poll");
    if (watched[0].revents) feed();
    if (watched[1].revents) drain(out_.read, result_.out);
    if (watched[2].revents) drain(err_.read, result_.err);
    if (result_.out.size() > out_limit_) throw Error(ErrorCode::io, name_ + " wrote too much and was killed");
    if (result_.err.size() > err_limit) result_.err.resize(err_limit);
  }

  void feed() {
    ssize_t n = write(in_.write.get(), input_.data(), input_.size());
    if (n > 0) input_.remove_prefix(static_cast<std::size_t>(n));
    bool over = input_.empty() || (n < 0 && errno != EAGAIN && errno != EINTR);
    if (over) in_.write.reset();
  }

  static void drain(UniqueFd& from, std::string& to) {
    char piece[64 << 10];
    ssize_t n = read(from.get(), piece, sizeof piece);
    if (n > 0) to.append(piece, static_cast<std::size_t>(n));
    if (n == 0 || (n < 0 && errno != EINTR)) from.reset();
  }

  void await_end(Steady::time_point deadline) {
    int status = 0;
    for (int pause_ms = 1;; pause_ms = std::min(2 * pause_ms, 50)) {
      pid_t ended = waitpid(pid_, &status, WNOHANG);
      if (ended < 0 && errno != EINTR) throw_system_error("wait for " + name_);
      if (ended == pid_) break;
      poll(nullptr, 0, std::min(pause_ms, milliseconds_until(deadline)));
    }
    pid_ = 0;
    if (WIFSIGNALED(status)) result_.signal = WTERMSIG(status);
    if (WIFEXITED(status)) result_.exit_code = WEXITSTATUS(status);
  }

  std::string name_;
  std::string_view input_;
  std::size_t out_limit_;
  Pipe in_, out_, err_;
  pid_t pid_ = 0;
  HelperResult result_;
};

}  // namespace

HelperResult run_helper(const std::vector<std::string>& argv, std::string_view input, std::chrono::milliseconds timeout,
                        std::size_t out_limit) {
  return Helper(argv, input, out_limit).finish(timeout);
}

}  // namespace backlot
