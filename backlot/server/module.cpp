#include "backlot/server/module.h"

#include <iterator>

namespace backlot::server {

std::vector<Route> routes_of(std::vector<Module> modules) {
  std::vector<Route> all;
  for (Module& module : modules) {
    for (const Route& route : module.routes)
      if (!route.pattern.starts_with("/api/v1/" + module.name + "/"))
        throw Error(ErrorCode::internal, "the route " + route.pattern + " is not below /api/v1/" + module.name + "/")
            .in("module " + module.name);
    all.insert(all.end(), std::make_move_iterator(module.routes.begin()), std::make_move_iterator(module.routes.end()));
  }
  return all;
}

}  // namespace backlot::server
