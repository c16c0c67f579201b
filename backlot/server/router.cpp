#include "backlot/server/router.h"

#include <algorithm>

namespace backlot::server {
namespace {

bool is_part(const std::string& segment) { return segment.starts_with('{') && segment.ends_with('}'); }

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(),
                    [](const std::string& p, const std::string& given) { return is_part(p) || p == given; });
}

std::vector<std::string> segments_of(const std::string& pattern) {
  std::vector<std::string> segments;
  for (std::size_t at = 1; at <= pattern.size();) {
    std::size_t end = std::min(pattern.find('/', at), pattern.size());
    segments.push_back(pattern.substr(at, end - at));
    at = end + 1;
  }
  return segments;
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (const Route& route : routes_) patterns_.push_back(segments_of(route.pattern));
}

Router::Found Router::find(std::string_view method, const std::vector<std::string>& path) const {
  Found found;
  if (method == "HEAD") method = "GET";
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!fits(patterns_[i], path)) continue;
    if (routes_[i].method != method) {
      found.allowed.push_back(routes_[i].method);
      continue;
    }
    found.route = &routes_[i];
    for (std::size_t s = 0; s < path.size(); ++s) {
      const std::string& segment = patterns_[i][s];
      if (is_part(segment)) found.parts[segment.substr(1, segment.size() - 2)] = path[s];
    }
    return found;
  }
  return found;
}

}  // namespace backlot::server
