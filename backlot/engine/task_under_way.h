// A task from its first dispatch to its end, over all its attempts.
#pragma once
#include <memory>
#include <optional>

#include "backlot/catalog/catalog.h"
#include "backlot/engine/plan.h"
#include "backlot/engine/task_log.h"
#include "backlot/value/manifest.h"

namespace backlot {

struct TaskUnderWay {
  Token token;
  TaskRow row;
  std::optional<Failure> caught;  ///< the next attempt only fills catch_into
  AttemptLog log;
  bool recorded = false;  ///< its row as it is now is in a batch
};
using TaskPtr = std::unique_ptr<TaskUnderWay>;

/// An attempt that succeeded and waits for its commit.
struct FinishedAttempt {
  TaskPtr task;
  Manifest manifest;
  bool ran = true;  ///< false: taken from the step cache
};

}  // namespace backlot
