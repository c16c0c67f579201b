#include "backlot/verbs/resume_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "backlot/base/detached_process.h"
#include "backlot/base/unique_fd.h"
#include "backlot/value/utf8.h"
#include "backlot/verbs/stored_code.h"

namespace backlot::verbs {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_start = 30s;
constexpr auto pause_before_a_look = 10ms;

/// The end of what a program has printed.
std::string end_of(int file) {
  char buffer[2000];
  off_t size = lseek(file, 0, SEEK_END);
  ssize_t got = pread(file, buffer, sizeof buffer, std::max<off_t>(0, size - static_cast<off_t>(sizeof buffer)));
  return repaired_utf8(std::string_view(buffer, got > 0 ? static_cast<std::size_t>(got) : 0));
}

std::optional<client::Run> resumed_run(const client::Client& client, const client::Run& origin, RunKey newer_than) {
  RunFilter filter;
  filter.flow = origin.row().flow;
  filter.limit = 20;
  for (const client::Run& run : client.runs(filter))
    if (run.key() > newer_than && run.row().origin == origin.key()) return run;
  return std::nullopt;
}

}  // namespace

client::Run resume_in_background(const client::Client& client, const client::Run& origin, const std::string& step) {
  if (origin.status() == client::RunStatus::running)
    throw Error(ErrorCode::conflict, origin.pathspec() + " is still running", "cancel it first");
  RunFilter newest;
  newest.limit = 1;
  const RunKey newest_before = client.runs(newest).at(0).key();
  StoredCommand command = resume_command(client, origin, step);
  UniqueFd output(open(client.home().root.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!output) throw_system_error("make a temporary file in " + client.home().root);
  const pid_t pid = start_detached(
      {std::move(command.words), std::move(command.environment), std::move(command.directory), output.get()});
  // Somebody must take the end of our child, and it may take days to come.
  auto ended = std::make_shared<std::atomic<bool>>(false);
  std::thread([pid, ended] {
    while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
    *ended = true;
  }).detach();
  auto deadline = std::chrono::steady_clock::now() + longest_start;
  for (;;) {
    bool is_over = *ended;
    if (auto run = resumed_run(client, origin, newest_before)) return *run;
    if (is_over || std::chrono::steady_clock::now() > deadline) {
      throw Error(ErrorCode::conflict, origin.pathspec() + " was not resumed: " + end_of(output.get()),
                  "`backlot rerun " + origin.pathspec() + " --failed` shows more");
    }
    std::this_thread::sleep_for(pause_before_a_look);
  }
}

}  // namespace backlot::verbs
