#include "backlot/exec/process_table.h"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>

namespace backlot {
namespace {

constexpr std::chrono::seconds patience{2};
constexpr std::chrono::milliseconds pause_between{5};

/// Does `round` until it finds nothing alive any more.
template <class F>
void until_none_lives(F round) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (round() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(pause_between);
}

}  // namespace

std::optional<ProcessInfo> process_info(pid_t pid) {
  std::string text;
  if (!std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/stat"), text)) return std::nullopt;
  // The name in parentheses may hold anything, parentheses too.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  ProcessInfo info{.pid = pid};
  pid_t group = 0;
  fields >> info.state >> info.parent >> group >> info.session;
  std::string skipped;
  for (int field = 7; field < 22; ++field) fields >> skipped;
  fields >> info.started;
  return info;
}

void each_process(const std::function<void(pid_t)>& visit) {
  DIR* processes = opendir("/proc");
  if (!processes) return;
  while (const dirent* entry = readdir(processes)) {
    if (pid_t pid = std::atoi(entry->d_name); pid > 0) visit(pid);
  }
  closedir(processes);
}

void kill_descendants(pid_t root) {
  until_none_lives([&] {
    std::unordered_map<pid_t, ProcessInfo> table;
    each_process([&](pid_t pid) {
      if (auto info = process_info(pid)) table.emplace(pid, *info);
    });
    bool living = false;
    for (auto& [pid, info] : table) {
      std::unordered_set<pid_t> seen;  // the table was not read in one moment
      auto at = table.find(info.parent);
      while (at != table.end() && at->first != root && seen.insert(at->first).second)
        at = table.find(at->second.parent);
      if (pid == root || at == table.end() || at->first != root || info.state == 'Z') continue;
      kill(pid, SIGKILL);
      living = true;
    }
    return living;
  });
}

void kill_adopted(std::uint64_t since) {
  const pid_t self = getpid(), session = getsid(0);
  until_none_lives([&] {
    bool living = false;
    each_process([&](pid_t pid) {
      auto info = process_info(pid);
      if (!info || info->parent != self || info->session == session || info->started < since) return;
      kill(pid, SIGKILL);
      living |= waitpid(pid, nullptr, WNOHANG) != pid;
    });
    return living;
  });
}

}  // namespace backlot
