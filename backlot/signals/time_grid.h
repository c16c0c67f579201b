// Time as signals know it: int64 nanoseconds since 1970 UTC, windows half-open, regular grids of samples.
#pragma once
#include <cstdint>

namespace backlot::signals {

using Nanos = std::int64_t;
inline constexpr Nanos second = 1'000'000'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

/// [begin, end)
struct Window {
  Nanos begin = 0, end = 0;
  bool contains(Nanos t) const { return begin <= t && t < end; }
  bool operator==(const Window&) const = default;
};

/// Sample i stands at start + i × step.
struct TimeGrid {
  Nanos start = 0, step = minute;
  std::uint32_t count = 0;
  Nanos at(std::uint32_t i) const { return start + static_cast<Nanos>(i) * step; }
  Nanos end() const { return at(count); }
  bool operator==(const TimeGrid&) const = default;
};

}  // namespace backlot::signals
