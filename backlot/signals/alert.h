// What an alert says: which expression it watches, and since when it has been true.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/signals/labels.h"
#include "backlot/signals/time_grid.h"

namespace backlot::signals {

struct Alert {
  std::string name, expression;
  Labels labels;
  std::optional<Nanos> active_at;  ///< since when the expression has been true
  Nanos held = 0;                  ///< how long it must be before the alert fires (`for`)
};

/// The side of a comparison with a number that is none: `rate(x[5m]) > 0.1` is about `rate(x[5m])`. None: the
/// expression has no such comparison at its top, or several, or joins others with and, or, unless.
std::optional<std::string> without_comparison(std::string_view expression);

/// The alerts of what Alertmanager posts to a webhook; expressions are those of their generator's address. Throws Error
/// invalid.
std::vector<Alert> read_webhook(std::string_view bytes);

/// The alerting rule of that name in what Prometheus' /api/v1/rules answers; active since its first alert is. Throws
/// Error not_found (with the names there are), invalid.
Alert read_rule(std::string_view bytes, std::string_view name);

}  // namespace backlot::signals
