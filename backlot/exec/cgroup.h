// Reading the limits and events of the control group this process is in, of version 1 and 2.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

/// Where a controller's files of our group lie.
struct Cgroup {
  int version = 0;                   ///< 1 or 2
  std::vector<std::string> folders;  ///< our group's, then its ancestors': a limit of any of them binds us
};
/// Empty when the controller ("cpu", "memory") is not mounted below `root`/sys/fs/cgroup.
std::optional<Cgroup> find_cgroup(std::string_view controller, const std::string& root = "");

/// The number behind `key` at the beginning of a line ("oom_kill 3"); empty when there is no such line.
std::optional<std::int64_t> number_after(std::string_view text, std::string_view key);

/// The whole of a small file; empty when it cannot be read.
std::optional<std::string> read_small_file(const std::string& path);

}  // namespace backlot
