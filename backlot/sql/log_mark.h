// How far the write-ahead log reached after the last commit, noted beside the database. SQLite recovers a log up to the
// first frame that does not fit and takes the rest for what a power cut left: a damaged frame would silently take all
// later commits with it.
#pragma once
#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "backlot/base/files.h"

namespace backlot {

struct LogMark {
  std::array<std::uint32_t, 2> salts{};  ///< of the log's header: others once the log has begun anew
  std::uint32_t frames = 0;
  bool operator==(const LogMark&) const = default;

  /// What SQLite holds for the log now, from its index in shared memory. Empty when there is none.
  static std::optional<LogMark> of(sqlite3* db);
  /// What was noted in the lock file; empty when there is nothing, or what is there is torn.
  static std::optional<LogMark> noted_in(File& lock_file);
  /// Not durable by itself: written after the commit is, it never claims too much.
  void note_in(File& lock_file) const;
};

}  // namespace backlot
