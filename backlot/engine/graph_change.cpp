#include "backlot/engine/graph_change.h"

#include <algorithm>
#include <set>

namespace backlot {
namespace {

std::vector<const Edge*> edges_from(const Graph& graph, NodeId node) {
  std::vector<const Edge*> found;
  for (const Edge& edge : graph.edges)
    if (edge.from == node) found.push_back(&edge);
  return found;
}

/// Two graphs followed side by side from one step to the next tasks.
class SideBySide {
 public:
  SideBySide(const Graph& before, const Graph& now) : before_(before), now_(now) {}

  bool same(NodeId a, NodeId b) {
    if (a == no_node || b == no_node) return a == b;
    if (!met_.insert({a, b}).second) return true;  // round a loop: told where it was met first
    const Node &old = before_.node(a), &node = now_.node(b);
    if (old.kind != node.kind || old.name != node.name) return false;
    if (is_task(node.kind)) return true;
    if (old.at_most != node.at_most || join_of(before_, old) != join_of(now_, node)) return false;
    return same_ways(a, b);
  }
  bool same_ways(NodeId a, NodeId b) {
    auto olds = edges_from(before_, a), news = edges_from(now_, b);
    return std::equal(olds.begin(), olds.end(), news.begin(), news.end(), [&](const Edge* old, const Edge* edge) {
      return old->label == edge->label && same(old->to, edge->to);
    });
  }

 private:
  static std::string join_of(const Graph& graph, const Node& fan_out) {
    return fan_out.match == no_node ? std::string() : graph.node(fan_out.match).name;
  }

  const Graph &before_, &now_;
  std::set<std::pair<NodeId, NodeId>> met_;
};

/// Whether a task at `node` has something to decide, or a list to hand over, before the next tasks.
bool asks_after(const Graph& graph, NodeId node) {
  for (NodeId to : graph.after(node)) {
    if (to == no_node || is_task(graph.node(to).kind)) continue;
    if (graph.node(to).kind != NodeKind::split) return true;  // behind a split are steps
  }
  return false;
}

}  // namespace

std::vector<ChangedWay> changed_ways(const Graph& before, const Graph& now) {
  std::vector<ChangedWay> changed;
  if (!SideBySide(before, now).same(first_node, first_node)) changed.push_back({});
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    const NodeId id(i);
    if (!is_task(now.nodes[i].kind)) continue;
    NodeId old = before.find(now.nodes[i].name);
    if (old == no_node || SideBySide(before, now).same_ways(old, id)) continue;
    changed.push_back({id, asks_after(now, id)});
  }
  return changed;
}

std::vector<bool> run_again(const Graph& now, const std::vector<ChangedWay>& changed) {
  std::vector<bool> again(now.nodes.size());
  for (const ChangedWay& way : changed) {
    std::vector<NodeId> heads = way.step == no_node ? std::vector{first_node} : now.after(way.step);
    for (NodeId head : heads) {
      if (head == no_node) continue;
      auto reached = reachable_from(now, head);
      for (std::size_t i = 0; i < again.size(); ++i) again[i] = again[i] || reached[i];
    }
    if (way.asks) again[way.step.index()] = true;
  }
  return again;
}

std::vector<bool> reachable_from(const Graph& graph, NodeId node) {
  std::vector<bool> reached(graph.nodes.size(), false);
  std::vector<NodeId> open{node};
  while (!open.empty()) {
    NodeId at = open.back();
    open.pop_back();
    if (at == no_node || reached[at.index()]) continue;
    reached[at.index()] = true;
    for (const Edge& e : graph.edges) {
      if (e.from == at) open.push_back(e.to);
    }
  }
  return reached;
}

}  // namespace backlot
