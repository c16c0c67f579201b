// The contract of the API (OpenAPI 3.1): the server's own part, and those of its modules, as one document.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "backlot/server/module.h"

namespace backlot::server {

/// The server's own part, a text for each subject: openapi/*.json, built in.
std::vector<std::string_view> server_openapi();

/// Takes over what `part` has under paths and components, and from the first part the rest. Throws Error internal, and
/// changes nothing, when it is no JSON or has a path or a name that is there already.
void add_openapi(nlohmann::ordered_json& document, const std::vector<std::string_view>& part);

/// Throws Error internal when a module has a path that is not below its name, or its routes are not exactly the paths
/// of its part of the document.
void check_openapi(const Module& module, const std::vector<std::string_view>& part);

}  // namespace backlot::server
