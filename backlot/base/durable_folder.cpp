#include "backlot/base/durable_folder.h"

#include <vector>

namespace backlot {

std::string folder_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

void make_durable_folder(Files& files, const std::string& path) {
  std::vector<std::string> with_new_names;
  for (std::string folder = path; !files.info(folder);) {
    std::string above = folder_of(folder);
    with_new_names.push_back(above);
    if (above == folder || above == ".") break;
    folder = std::move(above);
  }
  files.make_directories(path);
  for (const std::string& folder : with_new_names) files.sync_directory(folder);
}

}  // namespace backlot
