// Addresses of flows, runs, steps, tasks and artifacts as people write them: Flow/run/step/task/artifact, or the first
// parts of it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "backlot/flow/index_path.h"

namespace backlot {

/// The newest run of the flow that this user started.
struct LastRun {
  bool operator==(const LastRun&) const = default;
};

struct Pathspec {
  std::string flow;
  std::optional<std::variant<LastRun, std::int64_t>> run;  ///< "last" or a run id
  std::string step;                                        ///< empty: not given
  /// The task's dense number in its run, "17", or its structural path, "[3.17]".
  std::optional<std::variant<std::int64_t, IndexPath>> task;
  std::string artifact;  ///< empty: not given

  /// Reads any prefix of a pathspec; a slash at the end is ignored. The task may be left out before an artifact
  /// ("Flow/last/end/result"), when the step has one task only. Throws Error usage, naming the part that is wrong.
  static Pathspec parse(std::string_view text);

  /// As it would be written.
  std::string text() const;
  bool operator==(const Pathspec&) const = default;
};

}  // namespace backlot
