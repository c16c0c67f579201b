#include "backlot/client/run_scope.h"

#include <set>

#include "backlot/client/lineage.h"
#include "backlot/client/ways.h"

namespace backlot::client {

std::optional<Sighting> find_in_scope(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task,
                                      std::string_view name) {
  std::set<std::int64_t> seen;
  for (std::optional<TaskRow> at = task; at && seen.insert(at->number).second; at = parent(catalog, run, graph, *at)) {
    for (auto attempts = catalog.attempts(run, at->number); !attempts.empty(); attempts.pop_back()) {
      if (attempts.back().manifest.empty()) continue;
      Manifest manifest = decode_manifest(attempts.back().manifest);
      if (const Reference* found = manifest.find(name)) return Sighting{*at, *found};
      break;
    }
  }
  for (NamedReference& p : catalog.parameters(run)) {
    if (p.name == name) return Sighting{{}, std::move(p.value)};
  }
  return std::nullopt;
}

// --- RunScope --------------------------------------------------------------------------------------------------------

std::optional<Manifest> RunScope::manifest(std::int64_t task, std::optional<std::int32_t> attempt) {
  return ended_manifest(catalog_, run_, task, attempt);
}

std::shared_ptr<const RunScope::Seen> RunScope::parameters() {
  if (parameters_) return parameters_;
  auto seen = std::make_shared<Seen>();
  for (NamedReference& p : catalog_.parameters(run_)) seen->insert_or_assign(std::move(p.name), std::move(p.value));
  return parameters_ = std::move(seen);
}

std::shared_ptr<const RunScope::Seen> RunScope::before(const TaskRow& task) {
  constexpr std::size_t most_kept = 1000;
  std::vector<TaskRow> way;  // the tasks before this one that are not kept yet, the nearest first
  std::set<std::int64_t> met{task.number};
  std::shared_ptr<const Seen> seen = parameters();
  for (auto at = parent(catalog_, run_, graph_, task); at && met.insert(at->number).second;
       at = parent(catalog_, run_, graph_, *at)) {
    if (auto kept = kept_.find(at->number); kept != kept_.end()) {
      seen = kept->second;
      break;
    }
    way.push_back(*at);  // a copy: the loop goes on from it
  }
  if (way.empty()) return seen;
  auto all = std::make_shared<Seen>(*seen);
  for (auto at = way.rbegin(); at != way.rend(); ++at) {
    auto left = manifest(at->number, {});
    if (!left) continue;
    for (NamedReference& a : left->artifacts) all->insert_or_assign(std::move(a.name), std::move(a.value));
  }
  if (kept_.size() >= most_kept) kept_.clear();
  return kept_[way.front().number] = std::move(all);
}

std::optional<RunScope::Seen> RunScope::at_end(const TaskRow& task, std::optional<std::int32_t> attempt) {
  auto left = manifest(task.number, attempt);
  if (!left) return std::nullopt;
  Seen seen = *before(task);
  for (NamedReference& a : left->artifacts) seen.insert_or_assign(std::move(a.name), std::move(a.value));
  return seen;
}

std::optional<Reference> RunScope::at_end(const TaskRow& task, std::string_view name,
                                          std::optional<std::int32_t> attempt) {
  auto left = manifest(task.number, attempt);
  if (!left) return std::nullopt;
  if (const Reference* own = left->find(name)) return *own;
  const std::shared_ptr<const Seen> seen = before(task);
  auto at = seen->find(name);
  return at == seen->end() ? std::nullopt : std::optional(at->second);
}

}  // namespace backlot::client
