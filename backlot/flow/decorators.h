// What is said about a step besides its code: pure data, the same for C++ and Python flows.
#pragma once
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "backlot/value/manifest.h"

namespace backlot {

using Duration = std::chrono::milliseconds;

/// Try again after a failure.
struct Retry {
  int times = 0;                       ///< attempts after the first
  Duration delay{0};                   ///< before the second attempt
  double backoff = 1;                  ///< each further delay is this many times longer
  double jitter = 0;                   ///< each delay is varied by up to this share of it, 0 to 1
  std::uint32_t kinds = all_failures;  ///< bit (1 << FailureKind) set: retried
  static constexpr std::uint32_t all_failures = 0b1101'1111;  ///< all but cancelled
  constexpr Retry on(std::initializer_list<FailureKind> only) const {
    Retry r = *this;
    r.kinds = 0;
    for (FailureKind k : only) r.kinds |= 1u << static_cast<unsigned>(k);
    return r;
  }
  bool operator==(const Retry&) const = default;
};

/// What a task needs while it runs.
struct Resources {
  double cpu = 1;            ///< cores
  std::uint64_t memory = 0;  ///< bytes; 0: not reserved
  int gpu = 0;
  bool operator==(const Resources&) const = default;
};

struct Decorators {
  Retry retry{};
  Duration timeout{0};  ///< 0: none
  Resources resources{};
  std::string catch_into{};  ///< the text artifact that receives the failure; empty: not caught
  std::vector<std::pair<std::string, std::string>> environment{};
  bool cache = false;
  std::string cache_version{};  ///< replaces the code's hash in the cache key when not empty
  bool pure = false;            ///< no effect but its artifacts: may run many items in one process
  int priority = 0;             ///< larger goes first
  std::string pool{};           ///< at most as many tasks of one pool at once as the pool has places; empty: none
  bool operator==(const Decorators&) const = default;
};

}  // namespace backlot
