#include "backlot/verbs/references.h"

namespace backlot::verbs {
namespace {

constexpr std::size_t page_size = 1000;

}  // namespace

void each_blob(Catalog& catalog, const RunRow& run, const std::function<void(const Holder&, const Digest&)>& visit,
               const std::function<void(const Holder&, const Error&)>& damaged) {
  if (auto code = Digest::from_hex(run.code)) visit({}, *code);
  Manifest inputs;
  inputs.artifacts = catalog.parameters(run.key);
  for (const Digest& id : blobs_of(inputs)) visit({}, id);
  auto visit_attempt = [&](const AttemptRow& attempt) {
    if (attempt.manifest.empty()) return;
    const Holder holder{attempt.task, attempt.attempt};
    try {
      for (const Digest& id : blobs_of(decode_manifest(attempt.manifest))) visit(holder, id);
    } catch (const Error& e) {
      if (!damaged || e.code() != ErrorCode::corrupt) throw;
      damaged(holder, e);
    }
  };
  // The last attempts of finished tasks come in one pass; what they leave out is asked for task by task.
  std::unordered_set<std::int64_t> whole;
  catalog.each_finished(run.key, [&](const TaskRow& task, const AttemptRow& attempt) {
    visit_attempt(attempt);
    if (task.attempts <= 1) whole.insert(task.number);
  });
  std::int64_t after = 0;
  for (;;) {
    std::vector<TaskRow> page = catalog.tasks(run.key, "", after, page_size);
    if (page.empty()) return;
    after = page.back().number;
    for (const TaskRow& task : page) {
      if (whole.contains(task.number)) continue;
      for (const AttemptRow& attempt : catalog.attempts(run.key, task.number)) visit_attempt(attempt);
    }
  }
}

std::vector<RunRow> all_runs(Catalog& catalog) {
  std::vector<RunRow> runs;
  RunFilter filter;
  filter.limit = page_size;
  for (;;) {
    std::vector<RunRow> page = catalog.runs(filter);
    if (page.empty()) return runs;
    filter.before_key = page.back().key;
    for (RunRow& row : page) runs.push_back(std::move(row));
  }
}

void add_pinned(Catalog& catalog, BlobSet& set) {
  for (const Pin& pin : catalog.pins()) set.add(pin.blob);
}

std::vector<Digest> BlobSet::add(const Digest& blob) {
  std::vector<Digest> added, todo{blob};
  while (!todo.empty()) {
    Digest id = todo.back();
    todo.pop_back();
    if (!blobs_.insert(id).second) continue;
    added.push_back(id);
    auto info = store_.info(id);
    if (info) todo.insert(todo.end(), info->refers_to.begin(), info->refers_to.end());
  }
  return added;
}

}  // namespace backlot::verbs
