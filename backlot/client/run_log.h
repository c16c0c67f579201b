// Where the log of a run is, also when the run was deleted while clones of its tasks live on.
#pragma once
#include <optional>
#include <string>

#include "backlot/base/log_segments.h"
#include "backlot/client/connection.h"

namespace backlot::client {

/// Empty when it is gone.
std::optional<LogReader> log_of(Connection& home, RunKey run);

/// The note under which the catalog keeps "Flow/7" of a deleted run whose log is still needed.
std::string log_note(RunKey run);

}  // namespace backlot::client
