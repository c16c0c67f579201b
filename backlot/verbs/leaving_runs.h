// Which runs a gc policy lets go. Reads only.
#pragma once
#include "backlot/verbs/gc.h"

namespace backlot::verbs {

struct LeavingRuns {
  std::vector<RunRow> runs;
  std::uint64_t of_others = 0;  ///< runs that would go too, were all users meant
};

/// `newest_first` are all runs there are.
LeavingRuns leaving_runs(const client::Client& client, const GcPolicy& policy, const std::vector<RunRow>& newest_first);

}  // namespace backlot::verbs
