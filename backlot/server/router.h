// Which handler answers which method and path.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/server/http.h"

namespace backlot::client {
class Client;
}

namespace backlot::server {

/// Runs on a thread of its own with a client of its own. Throws Error, which becomes a Problem.
using Handler = std::function<Response(const Request&, client::Client&)>;

struct Route {
  std::string method;   ///< "GET" answers HEAD too
  std::string pattern;  ///< "/api/v1/runs/{flow}/{run}"
  Role role;            ///< what the caller must at least be
  Handler handler;
  Work work = Work::quick;
};

class Router {
 public:
  explicit Router(std::vector<Route> routes);

  struct Found {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> parts;  ///< what stands for the {…}
    std::vector<std::string> allowed;  ///< without a route: methods that this path has; none: there is no such path
  };
  Found find(std::string_view method, const std::vector<std::string>& path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> patterns_;  ///< their segments
};

}  // namespace backlot::server
