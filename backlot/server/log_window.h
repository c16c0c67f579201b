// A part of a task's log, as lines: what a viewer shows of a log of any size.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/client/task.h"

namespace backlot::server {

/// Which of a task's records.
struct LogSelection {
  std::optional<std::int32_t> attempt;  ///< empty: of all
  std::optional<LogStream> stream;      ///< empty: of both
};

struct LogLine {
  std::uint64_t position = 0;  ///< names the line in the log of its run
  Micros time = 0;
  LogStream stream = LogStream::out;
  std::int32_t attempt = 0;
  std::string text;           ///< UTF-8, without its newline
  bool cut = false;           ///< the line goes on, or began, in another window
  bool open = false;          ///< no newline yet: what its stream writes next, in the window behind, belongs to it
  std::optional<LogGap> gap;  ///< no line of the task's: here something is missing, and `text` says so
};

/// Positions are those of the log of the run that executed the task; [begin, end) was looked at.
struct LogWindow {
  std::uint64_t begin = 0, end = 0;
  bool at_begin = false, at_end = false;
  std::vector<LogLine> lines;
  std::uint64_t damaged = 0;  ///< bytes that are no records
};

/// What begins at or behind `from` and has at most about `bytes` of text.
LogWindow window_from(const client::Task& task, const LogSelection& selection, std::uint64_t from, std::size_t bytes);
/// What ends before `before` (empty: before the end) and has at most about `bytes` of text. A line that goes on behind
/// `before` is cut; the window behind it has it whole, under the same position.
LogWindow window_before(const client::Task& task, const LogSelection& selection, std::optional<std::uint64_t> before,
                        std::size_t bytes);

struct LogMatches {
  std::vector<LogLine> lines;         ///< at most `most`
  std::optional<std::uint64_t> next;  ///< go on from here; empty: searched to the end
};
/// Lines from `from` on that hold `text` (letters of any case, colours left out), in at most `budget` bytes.
LogMatches search_log(const client::Task& task, const LogSelection& selection, std::uint64_t from,
                      std::string_view text, std::size_t most, std::uint64_t budget);

}  // namespace backlot::server
