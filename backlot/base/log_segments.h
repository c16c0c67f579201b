// The log stream of a run: what its tasks wrote, as checked records in append-only segment files
// (docs/formats/logs.md). Positions are byte offsets in the stream and never change.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/base/clock.h"
#include "backlot/base/files.h"

namespace backlot {

enum class LogStream : std::uint8_t { out = 1, err = 2 };

/// What is missing from a stream of an attempt that wrote more than is kept.
struct LogGap {
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;  ///< newlines among them
};
/// "[15 bytes, 2 lines were left out here: more than is kept of a task's log]"
std::string text_of(const LogGap& gap);

struct LogRecord {
  std::uint64_t position = 0;  ///< of its first byte
  std::uint64_t end = 0;       ///< behind its last byte
  std::int64_t task = 0;
  std::int32_t attempt = 0;
  LogStream stream = LogStream::out;
  Micros time = 0;
  std::string_view bytes;     ///< valid during the visit only
  std::optional<LogGap> gap;  ///< here something is missing; `bytes` is empty
};

/// What a task writes at once is cut into records no larger than this.
inline constexpr std::size_t log_record_limit = 256 << 10;
inline constexpr std::uint64_t log_segment_limit = 64 << 20;

/// Appends to the log of a run. One writer a run. Not thread-safe.
class LogWriter {
 public:
  /// Opens or makes the log in `folder`; cuts a tail torn by a crash. Throws what Files throws.
  LogWriter(Files& files, std::string folder, std::uint64_t segment_limit = log_segment_limit);

  /// Returns the position of the first record. The bytes wait in memory, up to 256 KiB, until flush or sync.
  std::uint64_t append(std::int64_t task, std::int32_t attempt, LogStream stream, Micros time, std::string_view bytes);
  /// Says that something is missing here; returns the record's position.
  std::uint64_t append_gap(std::int64_t task, std::int32_t attempt, LogStream stream, Micros time, const LogGap& gap);
  /// Makes what was appended readable by others. After a failure (no space) it may be called again.
  void flush();
  /// Makes what was appended durable.
  void sync();
  /// The position the next record will have; a segment's header may still come before it.
  std::uint64_t position() const;

 private:
  void open_last_segment(std::uint64_t start);
  void begin_segment(std::uint64_t start);
  void make_room(std::size_t bytes);
  void append_record(std::int64_t task, std::int32_t attempt, char kind, Micros time, std::string_view bytes);

  Files& files_;
  std::string folder_;
  std::uint64_t segment_limit_;
  std::unique_ptr<File> segment_;
  std::uint64_t start_ = 0;    ///< position of the segment's first byte
  std::uint64_t written_ = 0;  ///< bytes of the segment in the file
  std::string waiting_;        ///< bytes that come after them
  bool dirty_ = false;         ///< written since the last sync
};

/// Makes everything that a writer has flushed to the log in `folder` durable; for another thread than the writer's.
/// Does nothing when there is no log.
void sync_log(Files& files, const std::string& folder);

/// Reads the log of a run, also while it is written. Not thread-safe.
class LogReader {
 public:
  LogReader(Files& files, std::string folder);

  struct Range {
    /// Records that begin in here. A given end is one that was reached: what is missing before it counts as damage.
    std::uint64_t begin = 0, end = UINT64_MAX;
    std::optional<std::int64_t> task;     ///< only this task's …
    std::optional<std::int32_t> attempt;  ///< … and only this attempt's
  };
  /// Where a read ended, and what it had to leave out.
  struct Outcome {
    std::uint64_t end = 0;      ///< behind the last record visited or passed; go on from here for what comes later
    std::uint64_t damaged = 0;  ///< bytes that are no records
  };
  /// Visits the records of a range in order, until `visit` returns false.
  Outcome each(const Range& range, const std::function<bool(const LogRecord&)>& visit);

  /// Behind the last valid record; 0 when there is none.
  std::uint64_t end();

  /// Where to begin so as to come to `position` record by record: the beginning of its segment. From elsewhere than the
  /// end of a record a reader may take what a task wrote for a record.
  std::uint64_t segment_of(std::uint64_t position);

 private:
  Files& files_;
  std::string folder_;
};

}  // namespace backlot
