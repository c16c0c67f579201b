// Time, behind an interface so that the simulator can own it. Order never comes from a clock.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace backlot {

/// UTC microseconds since 1970.
using Micros = std::int64_t;

class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall time; may jump.
  virtual Micros now() = 0;
  /// Never goes back; only differences mean anything.
  virtual std::chrono::nanoseconds monotonic() = 0;
};

/// The machine's clock. Stateless and thread-safe.
Clock& system_clock();

/// "2026-11-24T01:42:07.123456Z"
std::string rfc3339(Micros time);

}  // namespace backlot
