#include "backlot/verbs/show.h"

namespace backlot::verbs {
namespace {

constexpr std::size_t shown_failures = 10;
constexpr std::size_t tasks_at_once = 1000;

std::vector<TaskDetails> failed_tasks(const std::vector<client::Step>& steps) {
  std::vector<TaskDetails> found;
  for (const client::Step& step : steps) {
    std::int64_t left = step.row().failed, after = 0;
    while (left > 0 && found.size() < shown_failures) {
      std::vector<client::Task> page = step.tasks(after, tasks_at_once);
      if (page.empty()) break;
      after = page.back().number();
      for (const client::Task& task : page) {
        if (task.row().state != TaskState::failed || found.size() == shown_failures) continue;
        found.push_back(show_task(task));
        --left;
      }
    }
  }
  return found;
}

}  // namespace

RunDetails show_run(const client::Client& client, const Pathspec& spec) {
  client::Run run = client.run(spec);
  std::vector<client::Step> steps = run.steps();
  std::vector<TaskDetails> failed = failed_tasks(steps);
  std::optional<client::Run> origin = run.origin();
  return {run,
          run.status(),
          origin ? origin->pathspec() : std::string(),
          run.parameters(),
          std::move(steps),
          failures_of(run),
          std::move(failed),
          run.metadata(),
          run.requests()};
}

TaskDetails show_task(const client::Task& task) {
  TaskDetails details{task, {}, task.artifacts(), task.metadata()};
  for (AttemptRow& row : task.attempts()) details.attempts.push_back(details_of(std::move(row)));
  return details;
}

AttemptDetails details_of(AttemptRow row) {
  std::optional<Manifest> manifest;
  if (!row.manifest.empty()) manifest = decode_manifest(row.manifest);
  return {std::move(row), std::move(manifest)};
}

}  // namespace backlot::verbs
