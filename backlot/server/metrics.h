// What the server has done, as Prometheus reads it (its text format 0.0.4).
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "backlot/server/live.h"

namespace backlot::server {

/// Thread-safe.
class Metrics {
 public:
  void count(int status, std::chrono::nanoseconds took);
  std::string text(const LiveCounts& live) const;

 private:
  static constexpr std::array<double, 8> bounds{0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 2, 10};  ///< seconds
  std::array<std::atomic<std::uint64_t>, 5> by_class_{};                                     ///< 1xx to 5xx
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> by_time_{};
  std::atomic<std::uint64_t> nanoseconds_ = 0;
};

}  // namespace backlot::server
