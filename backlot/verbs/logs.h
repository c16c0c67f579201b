// What tasks wrote to standard output and error.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "backlot/client/client.h"

namespace backlot::verbs {

struct LogOptions {
  std::optional<LogStream> stream;      ///< only this one
  std::optional<std::int32_t> attempt;  ///< only this one; empty: all
  bool follow = false;                  ///< go on while the run, or the one task that was asked for, goes on
};

/// A piece of a task's log. Lines may be cut between pieces of one task.
struct LogPiece {
  const std::string& step;
  std::int64_t task;  ///< number in the run that was asked for, also when it is a clone
  std::int32_t attempt;
  LogStream stream;
  Micros time;
  std::string_view bytes;
  std::optional<LogGap> gap;  ///< here something is missing
};

/// Visits the log of a run, a step or a task in the order it was written (clones' first), until `visit` returns
/// false. Returns the number of bytes left out because they were damaged.
/// Throws Error not_found, and usage when the pathspec names no run.
std::uint64_t read_logs(const client::Client& client, const Pathspec& spec, const LogOptions& options,
                        const std::function<bool(const LogPiece&)>& visit);

}  // namespace backlot::verbs
