// The same time of the day some weeks before, where clocks are changed twice a year.
#pragma once
#include <string>
#include <vector>

#include "backlot/signals/time_grid.h"

namespace backlot::signals::app {

/// How long before `begin` the same civil time of one to `weeks` weeks before was, in the zone of that name
/// ("Europe/Berlin"; empty: UTC). A week with a change of clocks between is an hour shorter or longer. A window in
/// which clocks are changed goes by the time at its beginning. A civil time that there was not (in spring) is taken an
/// hour later, one that there was twice (in autumn) the first time. Throws Error usage when the system knows no such
/// zone.
std::vector<signals::Nanos> civil_weeks_back(const std::string& zone, signals::Nanos begin, unsigned weeks);

}  // namespace backlot::signals::app
