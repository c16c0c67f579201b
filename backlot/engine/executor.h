// Where task processes live, as the scheduler sees it. The local fork server, exec, and the simulator implement it.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backlot/base/strong_number.h"
#include "backlot/catalog/catalog.h"
#include "backlot/flow/decorators.h"

namespace backlot {

/// The scheduler's handle of one attempt that was launched; never reused in a run.
using LaunchId = StrongNumber<struct LaunchIdTag, std::uint64_t>;

struct Launch {
  LaunchId id{};
  std::string frame;  ///< encode(TaskFrame)
  Resources resources;
  std::vector<std::pair<std::string, std::string>> environment;  ///< not empty: needs a fresh process
};

enum class Stream : std::uint8_t { out = 1, err = 2 };
enum class Stop : std::uint8_t { gently, now };  ///< SIGTERM, SIGKILL, to everything the task started

/// How an attempt's process ended. `manifest` is there when it sent one before it ended.
struct Exit {
  std::optional<std::string> manifest;
  bool by_signal = false;
  int code = 0;                ///< the signal or the exit code
  bool out_of_memory = false;  ///< on evidence only
  Usage usage;
  std::string lost;            ///< not empty: it never ran or its runner died, and why
  bool executor_lost = false;  ///< nothing else can run any more
};

/// Told what happens to launched attempts, on the scheduler's thread, never from inside launch() or stop().
class ExecutorEvents {
 public:
  virtual ~ExecutorEvents() = default;
  /// `pid` is the process on its machine; 0 when nobody knows.
  virtual void on_started(LaunchId id, Micros at, std::int64_t pid) = 0;
  /// Nothing is read ahead of this call: while it takes its time, an attempt that writes waits for room in its pipe.
  virtual void on_output(LaunchId id, Stream stream, std::string_view bytes) = 0;
  virtual void on_label(LaunchId id, std::string_view label) = 0;
  virtual void on_progress(LaunchId id, double share, std::string_view note) = 0;
  /// Attached by the task while it runs: what is kept of an attempt that dies without a manifest.
  virtual void on_metadata(LaunchId, std::string_view /*key*/, std::string_view /*value*/) {}
  /// The last event of an attempt: its process is reaped, its output drained.
  virtual void on_exit(LaunchId id, Exit&& exit) = 0;
};

class Executor {
 public:
  virtual ~Executor() = default;
  virtual void set_events(ExecutorEvents* events) = 0;
  virtual void launch(Launch&& launch) = 0;
  virtual void stop(LaunchId id, Stop how) = 0;
};

}  // namespace backlot
