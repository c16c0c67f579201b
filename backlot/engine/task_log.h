// What tasks print, on its way to the run's log segments, with the place of the first line that looks like an error. Of
// an attempt that prints more than the cap its first and its last half are kept. No more of it waits in memory than the
// writer holds: where the disk is slow the writer waits for it, the scheduler for the writer, and the tasks that print
// for room in their pipes.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "backlot/base/log_segments.h"
#include "backlot/catalog/catalog.h"
#include "backlot/engine/executor.h"
#include "backlot/engine/log_tail.h"

namespace backlot {

/// One attempt's share of the log so far.
struct AttemptLog {
  LogIndex index;
  bool open = false;              ///< it has printed something
  std::array<bool, 2> in_line{};  ///< of each stream: what is written of it ends within a line
  std::unique_ptr<LogTail> tail;  ///< what came once half of the cap was used
};

class TaskLog {
 public:
  /// `cap` bytes are kept of each attempt; their last half waits in a file in `folder` until the attempt has ended.
  TaskLog(LogWriter& writer, Clock& clock, std::uint64_t cap, Files& files, std::string folder)
      : writer_(writer), clock_(clock), cap_(cap), files_(files), folder_(std::move(folder)) {}
  void add(AttemptLog& log, std::int64_t task, std::int32_t attempt, Stream stream, std::string_view bytes);
  /// The attempt prints nothing more: its index is complete.
  void end(AttemptLog& log, std::int64_t task, std::int32_t attempt);
  /// Hands what was added to the system, so that the committer can make it durable.
  void flush() { writer_.flush(); }
  /// Whether anything was added since the last call.
  bool take_grown() { return std::exchange(grown_, false); }

 private:
  void write(AttemptLog& log, std::int64_t task, std::int32_t attempt, LogStream stream, Micros time,
             std::string_view bytes);
  void place(AttemptLog& log, std::uint64_t at);

  LogWriter& writer_;
  Clock& clock_;
  std::uint64_t cap_;
  Files& files_;
  std::string folder_;
  bool grown_ = false;
};

}  // namespace backlot
