#include "backlot/server/expected_tasks.h"

#include <optional>

#include "backlot/client/ways.h"

namespace backlot::server {
namespace {

constexpr std::size_t most_manifests = 1000;

/// The steps after which a task's end may lead to this node.
std::vector<std::string> steps_before(const Graph& graph, NodeId node) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!is_task(graph.nodes[i].kind)) continue;
    std::vector<NodeId> waiting = graph.after(static_cast<NodeId>(i));
    std::vector<bool> seen(graph.nodes.size());
    while (!waiting.empty()) {
      NodeId at = waiting.back();
      waiting.pop_back();
      if (seen[static_cast<std::size_t>(at)]) continue;
      seen[static_cast<std::size_t>(at)] = true;
      if (at == node) found.push_back(graph.nodes[i].name);
      NodeKind kind = graph.nodes[static_cast<std::size_t>(at)].kind;
      if (is_task(kind) || kind == NodeKind::foreach) continue;
      for (NodeId next : graph.after(at)) waiting.push_back(next);
    }
  }
  return found;
}

/// The sum of the fans that the finished tasks of a step opened; empty when it has too many tasks.
std::optional<std::int64_t> fans_of(const std::string& step, const client::Run& run, Catalog& catalog) {
  std::vector<TaskRow> tasks = catalog.tasks(run.key(), step, 0, most_manifests + 1);
  if (tasks.size() > most_manifests) return std::nullopt;
  std::int64_t sum = 0;
  for (const TaskRow& task : tasks) {
    if (task.state != TaskState::done) continue;
    std::vector<AttemptRow> attempts = catalog.attempts(run.key(), task.number);
    if (attempts.empty() || attempts.back().manifest.empty()) continue;
    Manifest manifest = decode_manifest(attempts.back().manifest);
    if (manifest.next.fan) sum += static_cast<std::int64_t>(manifest.next.fan->count);
  }
  return sum;
}

}  // namespace

std::map<std::string, std::int64_t> expected_tasks(const client::Run& run, Catalog& catalog) {
  std::map<std::string, std::int64_t> expected;
  const Graph graph = run.graph();
  std::map<NodeId, std::optional<std::int64_t>> widths;  // of each foreach
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!is_task(graph.nodes[i].kind)) continue;
    std::vector<NodeId> around = graph.foreachs_around(static_cast<NodeId>(i));
    if (around.empty()) continue;
    auto [width, is_new] = widths.try_emplace(around.back());
    if (is_new) {
      std::int64_t sum = 0;
      bool known = true;
      for (const std::string& step : steps_before(graph, around.back())) {
        std::optional<std::int64_t> fans = fans_of(step, run, catalog);
        known = known && fans;
        sum += fans.value_or(0);
      }
      if (known) width->second = sum;
    }
    if (width->second) expected[graph.nodes[i].name] = *width->second;
  }
  return expected;
}

}  // namespace backlot::server
