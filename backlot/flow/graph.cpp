#include "backlot/flow/graph.h"

#include <algorithm>

namespace backlot {

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
    if (is_task(nodes[i].kind) && nodes[i].name == step) return static_cast<NodeId>(i);
  return no_node;
}

std::vector<NodeId> Graph::foreachs_around(NodeId node) const {
  std::vector<NodeId> around;
  std::size_t depth = 0;  // a malformed graph may go round in circles
  for (NodeId at = nodes[static_cast<std::size_t>(node)].inside; at != no_node && depth < nodes.size(); ++depth) {
    const Node& outer = nodes[static_cast<std::size_t>(at)];
    if (outer.kind == NodeKind::foreach) around.push_back(at);
    at = outer.inside;
  }
  std::reverse(around.begin(), around.end());
  return around;
}

}  // namespace backlot
