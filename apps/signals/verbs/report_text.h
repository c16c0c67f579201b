// A report on a terminal.
#pragma once
#include <string>

#include "backlot/signals/report.h"

namespace backlot::signals::app {

/// The five best groups, each by its best finding; with `everything` all findings as a table.
std::string report_text(const signals::Report& report, bool everything, bool with_colours);

/// Why one series is where it is, or nowhere: its outcome and, of a finding, the parts of its score.
std::string why_text(const signals::Report& report, const signals::Labels& labels, std::size_t candidate);

}  // namespace backlot::signals::app
