#include "backlot/flow/graph.h"

#include <algorithm>

namespace backlot {

namespace {

/// The nodes of a loop's body and the loop: all that reach it without passing the target of its "again" edge.
std::vector<bool> body_of(const Graph& graph, NodeId loop, NodeId first) {
  std::vector<bool> in_body(graph.nodes.size());
  in_body[first.index()] = true;
  std::vector<NodeId> todo{loop};
  while (!todo.empty()) {
    NodeId node = todo.back();
    todo.pop_back();
    if (in_body[node.index()]) continue;
    in_body[node.index()] = true;
    for (const Edge& e : graph.edges)
      if (e.to == node) todo.push_back(e.from);
  }
  return in_body;
}

}  // namespace

std::string_view name_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::step: return "step";
    case NodeKind::join: return "join";
    case NodeKind::split: return "split";
    case NodeKind::foreach: return "foreach";
    case NodeKind::choose: return "choose";
    case NodeKind::loop: return "loop";
  }
  return "unknown";
}

std::vector<NodeId> Graph::after(NodeId node) const {
  std::vector<NodeId> targets;
  for (const Edge& e : edges)
    if (e.from == node) targets.push_back(e.to);
  return targets;
}

NodeId Graph::find(std::string_view step) const {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (is_task(nodes[i].kind) && nodes[i].name == step) return NodeId(i);
  return no_node;
}

std::vector<NodeId> Graph::foreachs_around(NodeId id) const {
  std::vector<NodeId> around;
  std::size_t depth = 0;  // a malformed graph may go round in circles
  for (NodeId at = node(id).inside; at != no_node && depth < nodes.size(); ++depth) {
    const Node& outer = node(at);
    if (outer.kind == NodeKind::foreach) around.push_back(at);
    at = outer.inside;
  }
  std::reverse(around.begin(), around.end());
  return around;
}

std::vector<NodeId> Graph::repeats_around(NodeId node) const {
  // What contains more lies further out; of a foreach all nodes inside count, itself and its join.
  struct Repeat {
    std::size_t size;
    NodeId id;
  };
  std::vector<Repeat> around;
  for (NodeId each : foreachs_around(node)) {
    std::size_t size = 2;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      auto outer = foreachs_around(NodeId(i));
      size += std::count(outer.begin(), outer.end(), each) > 0;
    }
    around.push_back({size, each});
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].kind != NodeKind::loop) continue;
    const NodeId id(i);
    auto targets = after(id);
    if (targets.empty() || targets[0] == no_node) continue;
    auto body = body_of(*this, id, targets[0]);
    if (!body[node.index()]) continue;
    around.push_back({static_cast<std::size_t>(std::count(body.begin(), body.end(), true)), id});
  }
  std::stable_sort(around.begin(), around.end(), [](const Repeat& a, const Repeat& b) { return a.size > b.size; });
  std::vector<NodeId> ids;
  for (const Repeat& r : around) ids.push_back(r.id);
  return ids;
}

}  // namespace backlot
