// Times and durations as people and files write them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "backlot/signals/time_grid.h"

namespace backlot::signals {

/// RFC 3339 in UTC: "2026-03-10T08:00:00Z", with as many digits of the fraction as there are.
std::string time_text(Nanos time);

/// RFC 3339 (a space for the T, and no zone, which is UTC, are let pass), or numbers since 1970: seconds, with or
/// without a fraction, milliseconds, microseconds or nanoseconds, by their size. None: neither.
std::optional<Nanos> time_of(std::string_view text);

/// "90s", "15m", "1h30m", "2d"; "ms" too. None: none.
std::optional<Nanos> duration_of(std::string_view text);
/// "15m", "1h30m", "-8m", "0s"
std::string duration_text(Nanos duration);

}  // namespace backlot::signals
