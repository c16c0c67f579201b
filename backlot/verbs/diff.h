// How two runs differ: what went in, what came out, how long it took.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "backlot/client/client.h"

namespace backlot::verbs {

/// A value that one run has and the other has not, or that both have with another identity.
struct ValueDifference {
  std::string place;  ///< "compute/[3]"; empty: a parameter
  std::string name;
  std::optional<Reference> a, b;  ///< empty: not there
};

struct StepTime {
  std::string step;
  std::int64_t a_tasks = 0, b_tasks = 0;
  Micros a_busy = 0, b_busy = 0;  ///< time in its tasks' last attempts, summed
};

struct RunDifference {
  std::vector<ValueDifference> parameters, artifacts;  ///< in order of place and name
  std::int64_t same_artifacts = 0;
  std::vector<StepTime> steps;    ///< in order of a, then what only b has
  Micros a_time = 0, b_time = 0;  ///< from start to end of the run, or until now
};

/// Compares by identity: loads no value. Tasks are matched by step and structural path.
RunDifference diff(const client::Client& client, const Pathspec& a, const Pathspec& b);

}  // namespace backlot::verbs
