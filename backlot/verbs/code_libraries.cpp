#include "backlot/verbs/code_libraries.h"

#include <link.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "backlot/base/digest.h"
#include "backlot/base/files.h"

namespace backlot {
namespace {

using Json = nlohmann::json;

bool is_of_the_system(std::string_view path) {
  constexpr std::string_view folders[] = {"/lib/", "/lib32/", "/lib64/", "/usr/lib/", "/usr/lib32/", "/usr/lib64/"};
  return std::any_of(std::begin(folders), std::end(folders), [&](auto folder) { return path.starts_with(folder); });
}

std::string hash_of(const std::string& path) {
  return sha256(system_files().open(path, OpenMode::read)->map()->bytes()).hex();
}

}  // namespace

std::string own_libraries() {
  std::vector<std::string> paths;
  auto note = [](dl_phdr_info* library, std::size_t, void* found) {
    std::string_view path = library->dlpi_name ? library->dlpi_name : "";
    if (path.starts_with('/') && !is_of_the_system(path))
      static_cast<std::vector<std::string>*>(found)->emplace_back(path);
    return 0;
  };
  dl_iterate_phdr(note, &paths);
  Json libraries = Json::object();
  for (const std::string& path : paths) {
    try {
      libraries[path] = hash_of(path);
    } catch (const Error&) {}  // deleted since it was loaded
  }
  return libraries.empty() ? "" : libraries.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> changed_libraries(const std::vector<Metadatum>& metadata_of_run) {
  std::vector<std::string> lines;
  for (const Metadatum& datum : metadata_of_run) {
    if (datum.key != libraries_key) continue;
    Json libraries = Json::parse(datum.value, nullptr, false);
    if (!libraries.is_object()) continue;
    for (const auto& [path, hash] : libraries.items()) {
      try {
        if (hash != hash_of(path)) lines.push_back(path + " is not the library that the run was made with");
      } catch (const Error&) { lines.push_back(path + ", which the run was made with, is gone"); }
    }
  }
  return lines;
}

}  // namespace backlot
