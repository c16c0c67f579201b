#include "backlot/base/files.h"

namespace backlot {

void make_durable_directories(Files& files, const std::string& path) {
  if (path.empty() || path == "/" || files.info(path)) return;
  std::size_t slash = path.find_last_of('/');
  std::string parent = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  make_durable_directories(files, parent);
  files.make_directories(path);
  files.sync_directory(parent);
}

}  // namespace backlot
