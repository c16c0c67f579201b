// Later, on the same thread. The event loop implements it for real time, the simulator for its own.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>

namespace backlot {

using TimerId = std::uint64_t;  ///< 0: none

class Timers {
 public:
  virtual ~Timers() = default;
  /// Calls `what` once, not before `delay` has passed and never from inside this call.
  virtual TimerId after(std::chrono::nanoseconds delay, std::function<void()> what) = 0;
  /// Does nothing when it has fired, was cancelled, or is 0.
  virtual void cancel(TimerId timer) = 0;
};

}  // namespace backlot
