// What it means to delete some runs, before it is done: gc does it, with GcPolicy::runs.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "backlot/verbs/gc.h"

namespace backlot::verbs {

struct Removal {
  std::vector<RunRow> runs;
  std::uint64_t blobs = 0, bytes = 0;  ///< that nothing else needs
  std::vector<std::string> clones;     ///< pathspecs of runs that stay, and took finished tasks over from them
};

/// Reads only. Throws Error usage when none is named or one does not name a run, not_found, and conflict for a run
/// that still runs.
Removal plan_removal(const client::Client& client, const std::vector<std::string>& runs);

/// The policy under which gc removes just these.
GcPolicy policy_for(const Removal& removal);

}  // namespace backlot::verbs
