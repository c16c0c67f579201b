// What tasks print, on its way to the run's log segments: capped for each task, with the place of the first line that
// looks like an error. No more of it waits in memory than the writer holds: where the disk is slow the writer waits for
// it, the scheduler for the writer, and the tasks that print for room in their pipes.
#pragma once
#include <string_view>
#include <utility>

#include "backlot/base/log_segments.h"
#include "backlot/catalog/catalog.h"
#include "backlot/engine/executor.h"

namespace backlot {

/// One attempt's share of the log so far.
struct AttemptLog {
  LogIndex index;
  bool open = false;  ///< it has printed something
};

class TaskLog {
 public:
  /// `cap` bytes are kept of each attempt; what is above is counted and dropped.
  TaskLog(LogWriter& writer, Clock& clock, std::uint64_t cap) : writer_(writer), clock_(clock), cap_(cap) {}
  /// Returns how many of `bytes` were kept.
  std::size_t add(AttemptLog& log, std::int64_t task, std::int32_t attempt, Stream stream, std::string_view bytes);
  /// Hands what was added to the system, so that the committer can make it durable.
  void flush() { writer_.flush(); }
  /// Whether anything was added since the last call.
  bool take_grown() { return std::exchange(grown_, false); }

 private:
  LogWriter& writer_;
  Clock& clock_;
  std::uint64_t cap_;
  bool grown_ = false;
};

}  // namespace backlot
