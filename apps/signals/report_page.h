// A report as one HTML page that needs nothing else: no script, no network, light and dark.
#pragma once
#include <string>

#include "backlot/signals/report.h"

namespace backlot::signals::app {

std::string report_page(const signals::Report& report);

}  // namespace backlot::signals::app
