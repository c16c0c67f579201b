// Times as a query gives them.
#pragma once
#include <string_view>

#include "backlot/base/clock.h"
#include "backlot/server/http.h"

namespace backlot::server {

/// RFC 3339 ("2026-11-24T01:42:07Z", with a fraction or an offset); empty when it is not that.
std::optional<Micros> parse_rfc3339(std::string_view text);

/// A query parameter that is a time; 0 when it is not given. Throws Error usage naming it.
Micros time_of(const Request& request, std::string_view name);

}  // namespace backlot::server
