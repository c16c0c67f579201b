#include "backlot/server/private_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "backlot/base/durable_folder.h"
#include "backlot/base/error.h"
#include "backlot/base/system_files.h"
#include "backlot/base/unique_fd.h"

namespace backlot::server {

std::string default_private_folder(std::uint16_t port) {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  std::string above = state && *state ? state : home && *home ? std::string(home) + "/.local/state" : "";
  if (above.empty())
    throw Error(ErrorCode::usage, "there is no place for the server's socket and token: HOME is not set",
                "give --private FOLDER");
  return above + "/backlot/serve/" + std::to_string(port);
}

void make_private_folder(const std::string& folder) {
  system_files().make_directories(folder_of(folder));
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) throw_system_error("make " + folder);
  UniqueFd opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat s {};
  if (!opened || fstat(opened.get(), &s) != 0) throw_system_error("open " + folder);
  if (s.st_uid != geteuid() || (s.st_mode & 077) != 0)
    throw Error(ErrorCode::permission, folder + " must be yours alone: the server's socket and token lie there",
                "`chmod 700` it, or give --private FOLDER");
}

void write_private_file(const std::string& path, std::string_view bytes) {
  std::string fresh = path + ".new";
  unlink(fresh.c_str());
  UniqueFd file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) throw_system_error("make " + fresh);
  while (!bytes.empty()) {
    ssize_t written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_system_error("write " + fresh);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) throw_system_error("rename " + fresh);
}

}  // namespace backlot::server
