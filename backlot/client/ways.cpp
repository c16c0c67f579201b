#include "backlot/client/ways.h"

#include <functional>
#include <set>

#include "backlot/flow/decisions.h"
#include "backlot/flow/index_path.h"

namespace backlot::client {
namespace {

void add_next_steps(const Graph& graph, NodeId node, std::vector<NodeId>& found, std::set<NodeId>& seen) {
  for (NodeId to : graph.after(node)) {
    if (!seen.insert(to).second) continue;
    if (is_task(graph.node(to).kind))
      found.push_back(to);
    else
      add_next_steps(graph, to, found, seen);
  }
}

}  // namespace

std::vector<NodeId> next_steps(const Graph& graph, NodeId node) {
  std::vector<NodeId> found;
  std::set<NodeId> seen;
  add_next_steps(graph, node, found, seen);
  return found;
}

std::optional<Manifest> ended_manifest(Catalog& catalog, RunKey run, std::int64_t task,
                                       std::optional<std::int32_t> attempt) {
  std::vector<AttemptRow> attempts = catalog.attempts(run, task);
  for (auto a = attempts.rbegin(); a != attempts.rend(); ++a) {
    if (!a->manifest.empty() && (!attempt || a->attempt == *attempt)) return decode_manifest(a->manifest);
  }
  return std::nullopt;
}

std::optional<Waypoint> way_taken(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  NodeId node = graph.find(task.step);
  auto path = IndexPath::from_key(task.path);
  auto left = ended_manifest(catalog, run, task.number);
  if (node == no_node || !path || !left || left->failure) return std::nullopt;
  Decisions decided(graph, left->next);
  return GraphWalk(graph).after(node, std::move(*path), std::ref(decided));
}

}  // namespace backlot::client
