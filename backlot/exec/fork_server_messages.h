// What the executor and the fork server say to each other, one message a datagram. Both are the same binary.
#pragma once
#include <sys/types.h>

#include <cstdint>

#include "backlot/engine/executor.h"

namespace backlot {

/// Executor to server. A launch comes with three descriptors: the task's stdout, stderr and channel, in this order;
/// and is followed by its environment, "NAME=value\0" each.
struct ServerCommand {
  enum class Kind : std::uint32_t { launch, stop_gently, stop_now, answer } kind = Kind::launch;
  LaunchId id{};
};
/// Of the environment. Larger ones are refused.
inline constexpr std::size_t environment_limit = 96 << 10;

/// Server to executor, up to this many in one datagram.
inline constexpr std::size_t reports_at_once = 128;
struct ServerReport {
  enum class Kind : std::uint32_t {
    started,
    ended,
    not_started,  ///< `status` is the errno of fork or exec
    answering,    ///< to ServerCommand::Kind::answer; of no attempt
  } kind = Kind::started;
  pid_t pid = 0;
  LaunchId id{};
  Micros at = 0;   ///< started
  int status = 0;  ///< as wait() gives it
  bool out_of_memory = false;
  Usage usage{};
};

}  // namespace backlot
