#include "backlot/home/home.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "backlot/base/durable_folder.h"
#include "backlot/base/error.h"
#include "backlot/base/system_files.h"

namespace backlot {
namespace {

namespace fs = std::filesystem;

Home home_at(const fs::path& folder, const std::string& working_directory) {
  std::string root = (fs::path(working_directory) / folder).lexically_normal();
  while (root.size() > 1 && root.back() == '/') root.pop_back();
  return {root};
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// The group that BACKLOT_GROUP names; empty: none.
std::optional<gid_t> chosen_group() {
  const std::string name = variable("BACKLOT_GROUP");
  if (name.empty()) return std::nullopt;
  group entry{}, *found = nullptr;
  std::vector<char> buffer(64 << 10);
  getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (!found)
    throw Error(ErrorCode::usage, "BACKLOT_GROUP: there is no group \"" + name + "\"", "`getent group` lists them");
  return found->gr_gid;
}

bool gives_its_group(const std::string& folder) {
  struct stat s {};
  return stat(folder.c_str(), &s) == 0 && (s.st_mode & S_ISGID) != 0;
}

}  // namespace

std::string Home::run(std::string_view flow, std::int64_t run_id) const {
  return runs() + "/" + std::string(flow) + "/" + std::to_string(run_id);
}

Home find_home(const HomeSources& sources) {
  const std::string& here = sources.working_directory;
  if (!sources.backlot_home.empty()) return home_at(sources.backlot_home, here);
  for (fs::path folder = here; !folder.empty(); folder = folder.parent_path()) {
    std::error_code ignored;
    if (fs::is_directory(folder / ".backlot", ignored)) return home_at(folder / ".backlot", here);
    if (folder == folder.parent_path()) break;
  }
  if (!sources.xdg_data_home.empty()) return home_at(fs::path(sources.xdg_data_home) / "backlot", here);
  if (!sources.user_home.empty()) return home_at(fs::path(sources.user_home) / ".local/share/backlot", here);
  throw Error(ErrorCode::usage, "there is no place for runs: HOME is not set", "set BACKLOT_HOME to a folder");
}

Home find_home() {
  std::error_code error;
  std::string here = fs::current_path(error);
  if (error) throw system_error("working directory", error.value());
  return find_home({variable("BACKLOT_HOME"), variable("XDG_DATA_HOME"), variable("HOME"), here});
}

void make_home(const Home& home) {
  if (system_files().info(home.root)) return;
  const std::string above = folder_of(home.root);
  make_durable_folder(system_files(), above);
  const std::optional<gid_t> group = chosen_group();
  const bool is_shared = group || gives_its_group(above);
  if (mkdir(home.root.c_str(), 0700) != 0) {
    if (errno == EEXIST) return;  // somebody else was quicker
    throw_system_error("make " + home.root);
  }
  if (group && chown(home.root.c_str(), static_cast<uid_t>(-1), *group) != 0)
    throw_system_error("give " + home.root + " to the group of BACKLOT_GROUP");
  if (chmod(home.root.c_str(), is_shared ? 02770 : 0700) != 0) throw_system_error("set the mode of " + home.root);
  system_files().sync_directory(above);
}

}  // namespace backlot
