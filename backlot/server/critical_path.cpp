#include "backlot/server/critical_path.h"

#include <algorithm>
#include <optional>

#include "backlot/client/ways.h"

namespace backlot::server {
namespace {

constexpr std::size_t longest = 10'000;  // a loop may have any number of passes

using client::Task;

std::optional<Task> later(std::optional<Task> a, std::optional<Task> b) {
  if (!a || !b) return a ? a : b;
  return b->row().ended > a->row().ended ? b : a;
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
std::optional<Task> last_branch(const std::vector<client::Step>& steps, const Graph& graph, const Task& join) {
  std::optional<Task> last;
  for (NodeId before : steps_before(graph, graph.find(join.step())))
    for (const client::Step& step : steps)
      if (step.name() == graph.node(before).name) last = later(last, step.last_ended(join.row().path));
  return last;
}

std::optional<Task> only_parent(const Task& task) {
  std::vector<Task> before = task.parents(1);
  return before.empty() ? std::nullopt : std::optional(std::move(before[0]));
}

}  // namespace

std::vector<CriticalTask> critical_path(const client::Run& run) {
  const Graph graph = run.graph();
  const std::vector<client::Step> steps = run.steps();
  std::optional<Task> at;
  for (const client::Step& step : steps) at = later(at, step.last_ended());
  std::vector<CriticalTask> path;
  while (at && path.size() < longest) {
    const TaskRow& row = at->row();
    double seconds = row.ended && row.started ? static_cast<double>(row.ended - row.started) / 1e6 : 0;
    path.push_back({row.step, row.number, seconds});
    NodeId node = graph.find(row.step);
    if (node == no_node) break;
    bool is_join = graph.node(node).kind == NodeKind::join;
    std::optional<Task> before = is_join ? last_branch(steps, graph, *at) : only_parent(*at);
    if (before && before->number() >= at->number()) break;  // a catalog that cannot be: do not turn in circles
    at = std::move(before);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace backlot::server
