#include "tests/e2e/pseudo_terminal.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "backlot/base/error.h"
#include "tests/e2e/child_program.h"

namespace backlot::e2e {
namespace {

winsize size_of(unsigned short columns) { return {50, columns, 0, 0}; }

bool is_control(char c) { return static_cast<unsigned char>(c) < ' '; }

/// How many bytes the first character or control has; npos: it is not whole yet.
std::size_t first_length(std::string_view bytes) {
  if (bytes[0] == '\033') {
    std::size_t end = bytes.find_first_not_of("0123456789;", 2);
    return end == bytes.npos ? end : end + 1;
  }
  auto byte = static_cast<unsigned char>(bytes[0]);
  std::size_t length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  return length > bytes.size() ? bytes.npos : length;
}

}  // namespace

void Screen::show(std::string_view bytes) {
  waiting_ += bytes;
  std::string_view left = waiting_;
  for (std::size_t length; !left.empty() && (length = first_length(left)) != left.npos; left.remove_prefix(length)) {
    std::string_view first = left.substr(0, length);
    is_control(first[0]) ? control(first) : put(first);
  }
  waiting_ = std::string(left);
  std::string& line = lines_.back();
  line.clear();
  for (const std::string& character : row_) line += character;
  line.erase(line.find_last_not_of(' ') + 1);
}

void Screen::put(std::string_view character) {
  if (row_.size() <= column_) row_.resize(column_ + 1, " ");
  row_[column_++] = character;
}

void Screen::control(std::string_view what) {
  if (what == "\r") {
    column_ = 0;
  } else if (what == "\n") {
    lines_.back().clear();
    for (const std::string& character : row_) lines_.back() += character;
    lines_.emplace_back();
    row_.clear();  // the terminal sends a \r with it
    column_ = 0;
  } else if (what == "\033[K") {
    row_.resize(std::min(row_.size(), column_));
  } else if (!(what.starts_with("\033[") && what.back() == 'm')) {
    surprises_ += what;
  }
}

TerminalProgram::TerminalProgram(const std::vector<std::string>& words, const std::string& home,
                                 unsigned short columns) {
  winsize size = size_of(columns);
  pid_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ < 0) throw_system_error("forkpty");
  if (pid_ == 0) become(words, home, {{"TERM", "xterm-256color"}, {"NO_COLOR", ""}});
}

TerminalProgram::~TerminalProgram() {
  close(terminal_);
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void TerminalProgram::resize(unsigned short columns) {
  winsize size = size_of(columns);
  ioctl(terminal_, TIOCSWINSZ, &size);
}

/// False when there will be nothing more.
bool TerminalProgram::take_some() {
  pollfd ready{terminal_, POLLIN, 0};
  if (poll(&ready, 1, 10) <= 0) return true;
  char buffer[4096];
  ssize_t n = read(terminal_, buffer, sizeof buffer);
  if (n <= 0) return false;  // EIO: nobody holds the terminal any more
  std::string_view got(buffer, static_cast<std::size_t>(n));
  bytes_ += got;
  screen_.show(got);
  return true;
}

bool TerminalProgram::until(const std::function<bool()>& condition, double limit_s) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_s);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline || !take_some()) return condition();
  }
  return true;
}

int TerminalProgram::finish() {
  until([] { return false; }, 60);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace backlot::e2e
