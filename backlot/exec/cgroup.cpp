#include "backlot/exec/cgroup.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace backlot {
namespace {

/// The path in a line of /proc/self/cgroup, "4:cpu,cpuacct:/a/b" or "0::/a/b", when it is of `controller` ("" for v2).
std::optional<std::string> path_in(const std::string& line, std::string_view controller) {
  auto first = line.find(':'), second = line.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  std::stringstream names(line.substr(first + 1, second - first - 1));
  if (controller.empty()) return names.str().empty() ? std::optional(line.substr(second + 1)) : std::nullopt;
  for (std::string name; std::getline(names, name, ',');) {
    if (name == controller) return line.substr(second + 1);
  }
  return std::nullopt;
}

/// In a container the path may be the host's, and not be there: then the mount's root is our group.
std::vector<std::string> folders_of(const std::string& mount, std::string path) {
  namespace fs = std::filesystem;
  std::vector<std::string> folders;
  for (; path.size() > 1; path = fs::path(path).parent_path()) {
    if (fs::is_directory(mount + path)) folders.push_back(mount + path);
  }
  folders.push_back(mount);
  return folders;
}

}  // namespace

std::optional<Cgroup> find_cgroup(std::string_view controller, const std::string& root) {
  namespace fs = std::filesystem;
  const std::string mount = root + "/sys/fs/cgroup";
  bool unified = fs::exists(mount + "/cgroup.controllers");
  std::ifstream groups(root + "/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (unified) {
      if (auto path = path_in(line, "")) return Cgroup{2, folders_of(mount, *path)};
    } else if (auto path = path_in(line, controller)) {
      std::string place = mount + "/" + std::string(controller);
      if (fs::is_directory(place)) return Cgroup{1, folders_of(place, *path)};
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.starts_with(key)) continue;
    line.remove_prefix(key.size());
    auto digits = line.find_first_not_of(' ');
    if (digits == std::string_view::npos || digits == 0) continue;
    std::int64_t value = 0;
    line.remove_prefix(digits);
    if (std::from_chars(line.data(), line.data() + line.size(), value).ec == std::errc()) return value;
  }
  return std::nullopt;
}

std::optional<std::string> read_small_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace backlot
