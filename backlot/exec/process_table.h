// The processes of this machine, as /proc shows them (proc(5)).
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace backlot {

struct ProcessInfo {
  pid_t pid = 0, parent = 0, session = 0;
  char state = '?';           ///< 'T': stopped by a signal; 'Z': ended, and not reaped yet
  std::uint64_t started = 0;  ///< clock ticks after boot
};

/// Empty when there is no such process.
std::optional<ProcessInfo> process_info(pid_t pid);

/// Calls `visit` with the number of every process that we can see.
void each_process(const std::function<void(pid_t)>& visit);

/// Kills all that `root` started and all that those started, as far as their parents still tell, but not `root` itself,
/// and looks again until none lives, for two seconds at most. Whoever keeps `root` from reaping them meanwhile, such as
/// by having it stopped, makes sure that none gets away.
void kill_descendants(pid_t root);

/// Kills and reaps the children of this process that began at `since` (ProcessInfo::started) or later, in a session
/// other than ours, and looks again until there is none, for two seconds at most.
void kill_adopted(std::uint64_t since);

}  // namespace backlot
