// A report as JSON (docs/formats/signals-report.schema.json): what `backlot signals investigate --json` prints.
#pragma once
#include <string>

#include "backlot/signals/report.h"
#include "backlot/signals/samples.h"

namespace backlot::signals {

/// `indent` < 0: in one line. The samples of charts are left out unless asked for. Nothing in it depends on when or by
/// how many workers it was made.
std::string to_json(const Report& report, int indent = -1, bool with_charts = false);

/// What became of every candidate, as JSON lines in the order of `source`: {"series": "up{job=\"a\"}", "outcome":
/// "not_read"}. `source` is the one that was investigated.
std::string outcomes_as_json_lines(const Report& report, const SeriesSource& source);

}  // namespace backlot::signals
