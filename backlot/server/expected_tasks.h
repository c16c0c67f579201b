// How many tasks a run will have: what its progress is drawn against.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "backlot/client/run.h"

namespace backlot::server {

struct ExpectedTasks {
  /// By step, as far as what has ended decided: a foreach that has opened gives its width. A step that may yet be left
  /// out (behind a choose or loop) counts with the tasks that it has. Never falls while the run goes on.
  std::map<std::string, std::int64_t> by_step;
  std::int64_t total = 0;  ///< of all steps
  bool at_least = false;   ///< a foreach, choose or loop ahead may add to it
};

/// Reads at most a thousand manifests a foreach; where that is too few, `at_least` says so.
ExpectedTasks expected_tasks(const client::Run& run);

}  // namespace backlot::server
