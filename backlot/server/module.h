// A part of the server that a domain brings: apps/<name>/routes defines `Module <name>_module()` in this namespace.
// Which ones a server has is said by the build (backlot_domain, cmake/domains.cmake).
#pragma once
#include <string>
#include <vector>

#include "backlot/server/router.h"

namespace backlot::server {

struct Module {
  std::string name;           ///< "tally"
  std::vector<Route> routes;  ///< all below "/api/v1/<name>/": others are refused when the server starts
};

/// Those that this program was built with.
std::vector<Module> domain_modules();

/// The routes of all. Throws Error internal for one that is not below its module's name.
std::vector<Route> routes_of(std::vector<Module> modules);

}  // namespace backlot::server
