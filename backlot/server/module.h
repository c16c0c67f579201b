// A part of the server that a domain brings: apps/<name>/routes defines `Module <name>_module()` in this namespace, and
// its contract lies beside it, openapi.json. Which modules a server has is said by the build (backlot_domain,
// cmake/domains.cmake).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "backlot/server/router.h"

namespace backlot::server {

struct Module {
  std::string name;           ///< "tally"
  std::vector<Route> routes;  ///< all below "/api/v1/<name>/"
};

/// How a server gets one. `make` may throw, when the module cannot work here: the server goes on without it, and says
/// so (modules.h).
struct ModuleSource {
  std::string_view name;
  Module (*make)();
  std::vector<std::string_view> (*openapi)();  ///< paths and schemas of its part of the document
};

/// Those that this program was built with.
std::vector<ModuleSource> domain_modules();

}  // namespace backlot::server
