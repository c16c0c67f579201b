#include "backlot/verbs/resume_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <memory>
#include <thread>

#include "backlot/base/detached_process.h"
#include "backlot/base/unique_fd.h"
#include "backlot/value/utf8.h"
#include "backlot/verbs/stored_code.h"

namespace backlot::verbs {
namespace {

using namespace std::chrono_literals;

constexpr auto pause_before_a_look = 10ms;

/// The end of what a program has printed.
std::string end_of(int file) {
  char buffer[2000];
  off_t size = lseek(file, 0, SEEK_END);
  ssize_t got = pread(file, buffer, sizeof buffer, std::max<off_t>(0, size - static_cast<off_t>(sizeof buffer)));
  return repaired_utf8(std::string_view(buffer, got > 0 ? static_cast<std::size_t>(got) : 0));
}

/// A program in a session of its own, and what it prints. It outlives this object.
class BackgroundProgram {
 public:
  BackgroundProgram(StoredCommand command, const std::string& folder)
      : output_(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) {
    if (!output_) throw_system_error("make a temporary file in " + folder);
    pid_ = start_detached(
        {std::move(command.words), std::move(command.environment), std::move(command.directory), output_.get()});
    // Somebody must take the end of our child, and it may take days to come.
    std::thread([pid = pid_, ended = ended_] {
      while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
      *ended = true;
    }).detach();
  }

  bool has_ended() const { return *ended_; }
  /// With all that it started.
  void kill() {
    ::kill(-pid_, SIGKILL);
    while (!has_ended()) std::this_thread::sleep_for(pause_before_a_look);
  }
  std::string last_words() const {
    std::string text = end_of(output_.get());
    return text.empty() ? "it printed nothing" : "it printed: " + text;
  }

 private:
  UniqueFd output_;
  pid_t pid_ = 0;
  std::shared_ptr<std::atomic<bool>> ended_ = std::make_shared<std::atomic<bool>>(false);
};

std::vector<client::Run> resumes_of(const client::Client& client, const client::Run& origin, RunKey newer_than) {
  RunFilter filter;
  filter.flow = origin.row().flow;
  filter.limit = 200;
  std::vector<client::Run> found = client.runs(filter);
  std::erase_if(found,
                [&](const client::Run& run) { return run.key() <= newer_than || run.row().origin != origin.key(); });
  return found;
}

Error not_resumed(const client::Run& origin, const std::string& why) {
  return Error(ErrorCode::conflict, origin.pathspec() + " was not resumed: " + why,
               "`backlot rerun " + origin.pathspec() + " --failed` shows more");
}

}  // namespace

std::optional<client::Run> live_rival(const client::Client& client, const client::Run& origin) {
  if (origin.status() == client::RunStatus::running) return origin;
  for (client::Run& run : resumes_of(client, origin, origin.key()))
    if (run.status() == client::RunStatus::running) return std::move(run);
  return std::nullopt;
}

client::Run resume_in_background(const client::Client& client, const client::Run& origin, const std::string& step,
                                 std::chrono::milliseconds longest_start) {
  if (auto rival = live_rival(client, origin)) {
    const char* what = rival->key() == origin.key() ? " is still running" : " is resuming the same run";
    throw Error(ErrorCode::conflict, rival->pathspec() + what, "cancel it, or wait for its end");
  }
  RunFilter newest;
  newest.limit = 1;
  const RunKey newest_before = client.runs(newest).at(0).key();
  BackgroundProgram program(resume_command(client, origin, step), client.home().root);
  const auto deadline = std::chrono::steady_clock::now() + longest_start;
  for (;;) {
    const bool is_over = program.has_ended(), is_late = std::chrono::steady_clock::now() > deadline;
    if (auto runs = resumes_of(client, origin, newest_before); !runs.empty()) return runs.back();
    if (is_over) throw not_resumed(origin, "its program ended before the run began; " + program.last_words());
    if (is_late) {
      program.kill();
      auto seconds = std::chrono::duration<double>(longest_start).count();
      throw not_resumed(origin, "its program began no run in " + std::to_string(std::lround(seconds)) +
                                    " s and was killed; " + program.last_words());
    }
    std::this_thread::sleep_for(pause_before_a_look);
  }
}

}  // namespace backlot::verbs
