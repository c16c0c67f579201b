// One task of an earlier run once more, by itself, with the code as it is now, on the inputs it had then. For working
// on a step: nothing is recorded, and what it saves is garbage to the next `gc`.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/client/client.h"
#include "backlot/engine/executor.h"
#include "backlot/flow/flow_code.h"

namespace backlot::verbs {

struct SpinOptions {
  Home home;
  /// The step, and the run and task when they are given. Without a run the user's last one; without a task the first
  /// that failed in it, else the first.
  Pathspec task;
};

struct SpinReport {
  std::string run;  ///< "MovieStats/1763829152123456"
  std::string step;
  IndexPath path;
  Manifest manifest;  ///< with its failure
  Usage usage;
  double seconds = 0;
  std::vector<client::Artifact> artifacts;  ///< that it wrote
};

/// Is told what the task prints while it runs.
using SpinOutput = std::function<void(Stream, std::string_view bytes)>;

/// In the calling thread, which must be the only one. Of the step's decorators only `environment` is heeded: no retry,
/// no timeout, no catch. SIGINT, SIGTERM and SIGHUP kill the task.
/// Throws Error `usage` when the flow has no such step or the run did not come so far, `not_found` without such a run.
SpinReport spin(const FlowCode& flow, const SpinOptions& options, const SpinOutput& on_output);

}  // namespace backlot::verbs
