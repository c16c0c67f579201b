// The static files of the console: read once, answered from memory.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/server/http.h"

namespace backlot::server {

class StaticFiles {
 public:
  /// All files below `folder`, which are reached below the path `base`. Throws Error not_found when it has no
  /// index.html.
  explicit StaticFiles(const std::string& folder, const std::string& base = "");
  /// Without pages: only the API is served.
  StaticFiles() = default;
  bool empty() const { return files_.empty(); }

  /// The file at a path; to a browser that wants a page, the one that finds its way from any address. Else empty.
  std::optional<Response> find(const Request& request) const;

 private:
  struct File {
    std::string bytes, gzip, type, tag;
    bool is_immutable = false;  ///< its name changes with its content
  };
  static Response answer(const File& file, const Request& request);
  std::map<std::string, File, std::less<>> files_;  ///< by path, "assets/index-1a2b.js"
};

}  // namespace backlot::server
