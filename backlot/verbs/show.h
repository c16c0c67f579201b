// All that is known of one run or one task.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "backlot/client/client.h"
#include "backlot/verbs/failures.h"

namespace backlot::verbs {

struct AttemptDetails {
  AttemptRow row;
  std::optional<Manifest> manifest;  ///< empty while it runs
};

struct TaskDetails {
  client::Task task;
  std::vector<AttemptDetails> attempts;     ///< oldest first
  std::vector<client::Artifact> artifacts;  ///< of the last attempt
  std::vector<Metadatum> metadata;
};

struct RunDetails {
  client::Run run;
  client::RunStatus status;
  std::string origin;  ///< the pathspec of the run that was resumed; empty: none, or it has been removed
  std::vector<client::Artifact> parameters;
  std::vector<client::Step> steps;
  FailuresSeen failures;
  std::vector<TaskDetails> failed;  ///< the first failed tasks, at most 10
  std::vector<Metadatum> metadata;
  std::vector<ControlRequest> requests;  ///< not yet answered by the scheduler
};

RunDetails show_run(const client::Client& client, const Pathspec& run);
TaskDetails show_task(const client::Task& task);
AttemptDetails details_of(AttemptRow row);

}  // namespace backlot::verbs
