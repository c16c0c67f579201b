// The target of a request line, "/api/v1/runs/F/7?tab=log": its path and query, decoded.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backlot::server {

struct RequestTarget {
  std::vector<std::string> path;                           ///< segments; of "/" none
  std::vector<std::pair<std::string, std::string>> query;  ///< in their order
};

/// RFC 3986, with `+` in the query as a space. Empty segments, "." and ".." as well as NUL and bytes that are not
/// UTF-8 are refused: nothing that we name looks so. Throws Error usage saying what is wrong.
RequestTarget parse_target(std::string_view text);

/// For a segment of a path or a part of a query: everything but letters, digits and "-._~" as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace backlot::server
