#include "backlot/verbs/failures.h"

#include "backlot/value/failure_signature.h"

namespace backlot::verbs {
namespace {

Failure failure_in(const AttemptRow& attempt) {
  if (!attempt.manifest.empty())
    if (auto told = decode_manifest(attempt.manifest).failure) return *told;
  Failure unknown;
  unknown.kind = FailureKind::lost;
  return unknown;
}

}  // namespace

FailuresSeen failures_of(const client::Run& run, std::size_t most_kinds) {
  FailureGroups groups = run.failures(most_kinds);
  FailuresSeen seen{{}, groups.all_groups, groups.all_tasks};
  for (const FailureGroup& group : groups.groups) {
    auto task = run.task(group.first_task);
    if (!task) continue;  // the run was forgotten meanwhile
    std::vector<AttemptRow> attempts = task->attempts();
    AttemptRow last = attempts.empty() ? AttemptRow{} : std::move(attempts.back());
    Failure failure = failure_in(last);
    seen.kinds.push_back(
        {group.tasks, std::move(*task), std::move(last), std::move(failure), is_of_whole_message(group.signature)});
    --seen.more_kinds;
    seen.more_tasks -= group.tasks;
  }
  return seen;
}

std::string heading_of(const Failure& failure) {
  bool is_exception = failure.kind == FailureKind::exception && !failure.type.empty();
  std::string text = is_exception ? failure.type : describe(failure);
  return failure.place.empty() ? text : text + " at " + failure.place;
}

}  // namespace backlot::verbs
