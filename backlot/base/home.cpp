#include "backlot/base/home.h"

#include <cstdlib>
#include <filesystem>

#include "backlot/base/error.h"

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

}  // namespace backlot
