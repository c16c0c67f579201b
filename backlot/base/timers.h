// One-shot timers, behind an interface so that the simulator can own time.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>

namespace backlot {

/// Names a timer that was set; never reused. 0 is none.
using TimerId = std::uint64_t;

/// Not thread-safe: set, cancelled and fired on one thread.
class Timers {
 public:
  virtual ~Timers() = default;
  /// Calls `callback` once, not before `delay` has passed, and never from inside this call. It must not throw.
  virtual TimerId after(std::chrono::nanoseconds delay, std::function<void()> callback) = 0;
  /// Nothing happens when it has fired or was cancelled already.
  virtual void cancel(TimerId id) = 0;
};

}  // namespace backlot
