#include "backlot/base/durable_folder.h"

#include <vector>

namespace backlot {

void make_durable_folder(Files& files, const std::string& path) {
  std::vector<std::string> with_new_names;
  for (std::string folder = path; !files.info(folder);) {
    std::size_t slash = folder.rfind('/');
    std::string above = slash == std::string::npos ? "." : folder.substr(0, slash ? slash : 1);
    with_new_names.push_back(above);
    if (above == folder || above == ".") break;
    folder = std::move(above);
  }
  files.make_directories(path);
  for (const std::string& folder : with_new_names) files.sync_directory(folder);
}

}  // namespace backlot
