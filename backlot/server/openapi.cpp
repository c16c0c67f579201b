#include "backlot/server/openapi.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "backlot/base/ascii.h"
#include "backlot/base/error.h"

namespace backlot::server {
namespace {

using Json = nlohmann::ordered_json;

Json document_of(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_object()) return json;
  throw Error(ErrorCode::internal, "its OpenAPI document is no JSON object");
}

/// Lists of names: they are put together, while other values come from one part alone.
bool is_of_names(const std::string& key) {
  return key == "paths" || key == "components" || key == "schemas" || key == "securitySchemes";
}

void merge(Json& to, const Json& from, const std::string& place) {
  for (const auto& [key, value] : from.items()) {
    if (is_of_names(key) && to.contains(key))
      merge(to[key], value, key);
    else if (!to.contains(key))
      to[key] = value;
    else
      throw Error(ErrorCode::internal, "the OpenAPI document has \"" + key + "\" in " + place + " twice",
                  "give one of them another name");
  }
}

/// "get /api/v1/tally/count"
std::set<std::string> operations_of(const std::vector<std::string_view>& part) {
  std::set<std::string> found;
  for (std::string_view text : part) {
    const Json json = document_of(text);
    if (!json.contains("paths")) continue;
    for (const auto& [path, methods] : json["paths"].items())
      for (const auto& [method, operation] : methods.items()) found.insert(method + " " + path);
  }
  return found;
}

std::string first_missing(const std::set<std::string>& of, const std::set<std::string>& in) {
  auto at = std::find_if(of.begin(), of.end(), [&](const std::string& one) { return !in.contains(one); });
  return at == of.end() ? "" : *at;
}

}  // namespace

void add_openapi(Json& document, const std::vector<std::string_view>& part) {
  Json merged = document;
  for (std::string_view text : part) merge(merged, document_of(text), "the document");
  document = std::move(merged);
}

void check_openapi(const Module& module, const std::vector<std::string_view>& part) {
  std::set<std::string> routes;
  for (const Route& route : module.routes) {
    if (!route.pattern.starts_with("/api/v1/" + module.name + "/"))
      throw Error(ErrorCode::internal, "the route " + route.pattern + " is not below /api/v1/" + module.name + "/");
    routes.insert(lower_case(route.method) + " " + route.pattern);
  }
  const std::set<std::string> told = operations_of(part);
  if (std::string untold = first_missing(routes, told); !untold.empty())
    throw Error(ErrorCode::internal, "its openapi.json does not have " + untold);
  if (std::string unmade = first_missing(told, routes); !unmade.empty())
    throw Error(ErrorCode::internal, "its openapi.json has " + unmade + ", which is no route");
}

}  // namespace backlot::server
