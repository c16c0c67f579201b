#include "backlot/server/critical_path.h"

#include <algorithm>
#include <optional>

#include "backlot/client/lineage.h"
#include "backlot/client/ways.h"

namespace backlot::server {
namespace {

constexpr std::size_t longest = 10'000;  // a loop may have any number of passes

std::optional<TaskRow> later(std::optional<TaskRow> a, std::optional<TaskRow> b) {
  if (!a || !b) return a ? a : b;
  return b->ended > a->ended ? b : a;
}

/// The steps whose next task may be `node`.
std::vector<NodeId> steps_before(const Graph& graph, NodeId node) {
  std::vector<NodeId> found;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!is_task(graph.nodes[i].kind)) continue;
    std::vector<NodeId> next = client::next_steps(graph, NodeId(i));
    if (std::find(next.begin(), next.end(), node) != next.end()) found.push_back(NodeId(i));
  }
  return found;
}

/// Of the branches that a join waited for, the one that ended last: all whose path begins with the join's.
std::optional<TaskRow> last_branch(const client::Run& run, Catalog& catalog, const Graph& graph, const TaskRow& join) {
  std::optional<TaskRow> last;
  for (NodeId before : steps_before(graph, graph.find(join.step)))
    last = later(last, catalog.last_ended(run.key(), graph.node(before).name, join.path));
  return last;
}

}  // namespace

std::vector<CriticalTask> critical_path(const client::Run& run, Catalog& catalog) {
  const Graph graph = run.graph();
  std::optional<TaskRow> at;
  for (const StepRow& step : catalog.steps(run.key())) at = later(at, catalog.last_ended(run.key(), step.step, {}));
  std::vector<CriticalTask> path;
  while (at && path.size() < longest) {
    double seconds = at->ended && at->started ? static_cast<double>(at->ended - at->started) / 1e6 : 0;
    path.push_back({at->step, at->number, seconds});
    NodeId node = graph.find(at->step);
    if (node == no_node) break;
    bool is_join = graph.node(node).kind == NodeKind::join;
    std::int64_t number = at->number;
    at = is_join ? last_branch(run, catalog, graph, *at) : client::parent(catalog, run.key(), graph, *at);
    if (at && at->number >= number) break;  // a catalog that cannot be: do not turn in circles
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace backlot::server
