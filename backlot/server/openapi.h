// The contract of the API (OpenAPI 3.1): the text of openapi.json, built in.
#pragma once
#include <string_view>

namespace backlot::server {

std::string_view openapi_text();

}  // namespace backlot::server
