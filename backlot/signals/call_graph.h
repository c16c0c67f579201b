// How far services are from one another.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backlot/signals/context.h"

namespace backlot::signals {

/// Calls on the shortest way between `from` and every service that it reaches, in either direction.
std::map<std::string, unsigned, std::less<>> hops_from(std::string_view from, const std::vector<Call>& calls);

}  // namespace backlot::signals
