// Why tasks of a run failed, in groups: for the command line and the page.
#pragma once
#include <string>
#include <vector>

#include "backlot/client/client.h"

namespace backlot::verbs {

struct FailureKindSeen {
  std::int64_t tasks = 0;      ///< that failed in this way
  client::Task first;          ///< the first of them
  AttemptRow attempt;          ///< its last attempt
  Failure failure;             ///< of that attempt
  bool whole_message = false;  ///< grouped by the whole message: an older version wrote it
};

/// The kinds with the most tasks first. The tasks of `kinds` and `more_tasks` add up to all that failed.
struct FailuresSeen {
  std::vector<FailureKindSeen> kinds;
  std::int64_t more_kinds = 0, more_tasks = 0;
};

FailuresSeen failures_of(const client::Run& run, std::size_t most_kinds = 50);

/// "KeyError at features.py:41", "out of memory".
std::string heading_of(const Failure& failure);

}  // namespace backlot::verbs
