// The chain of tasks that decided how long a run took.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "backlot/client/run.h"

namespace backlot::server {

struct CriticalTask {
  std::string step;
  std::int64_t number = 0;
  double seconds = 0;  ///< of its last attempt
};

/// From a first task to the one that ended last; each is the one that ended last of those its follower waited for.
std::vector<CriticalTask> critical_path(const client::Run& run);

}  // namespace backlot::server
