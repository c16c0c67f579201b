#include "backlot/flow/graph_walk.h"

#include <algorithm>

namespace backlot {

GraphWalk::GraphWalk(const Graph& graph)
    : graph_(&graph), targets_(graph.nodes.size()), loops_begun_by_(graph.nodes.size()) {
  for (const Edge& e : graph.edges) targets_[e.from.index()].push_back(e.to);
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {  // a loop's node stands behind its body: the outer one is later
    if (graph.nodes[i].kind != NodeKind::loop) continue;
    loops_begun_by_[targets_[i].at(0).index()].push_back(NodeId(i));
  }
}

Waypoint GraphWalk::begin() const {
  auto none = [](NodeId, std::uint64_t) -> std::uint32_t {
    throw Error(ErrorCode::invalid, "the flow does not begin with a step");
  };
  return walk(first_node, {}, none);
}

Waypoint GraphWalk::after(NodeId node, IndexPath path, const Decide& decide) const {
  const auto& next = targets(node);
  return next.empty() ? Waypoint{Waypoint::Kind::end, no_node, std::move(path)}
                      : walk(next[0], std::move(path), decide);
}

Waypoint GraphWalk::into(NodeId fan_out, const IndexPath& path, std::uint64_t index, const Decide& decide) const {
  const auto& next = targets(fan_out);
  if (graph_->node(fan_out).kind == NodeKind::split) return walk(next.at(index), path, decide);
  return walk(next.at(0), path.with(IndexPath::Kind::item, index), decide);
}

Waypoint GraphWalk::walk(NodeId to, IndexPath path, const Decide& decide, NodeId loop_taken) const {
  for (;;) {
    // Entering loops: all that begin here, or after a way back only those inside the loop taken.
    for (NodeId loop : loops_begun_by_[to.index()]) {
      if (loop_taken == no_node || loop < loop_taken) path.parts.push_back({IndexPath::Kind::pass, 0});
    }
    loop_taken = no_node;
    const Node& node = graph_->node(to);
    switch (node.kind) {
      case NodeKind::step: return {Waypoint::Kind::step, to, std::move(path)};
      case NodeKind::join: return {Waypoint::Kind::join, to, std::move(path)};
      case NodeKind::split:
      case NodeKind::foreach: return {Waypoint::Kind::fan_out, to, std::move(path)};
      case NodeKind::choose: {
        std::uint32_t taken = decide(to, 0);
        if (taken >= targets(to).size()) throw Error(ErrorCode::corrupt, "choose " + node.name + " has no such case");
        to = targets(to)[taken];
        break;
      }
      case NodeKind::loop: {
        std::uint64_t& pass = path.parts.back().value;
        bool again = decide(to, pass) != 0;
        if (again && pass + 1 >= static_cast<std::uint64_t>(node.at_most)) {
          throw Error(ErrorCode::corrupt, "loop " + node.name + " goes beyond its bound");
        }
        if (again) {
          ++pass;
          loop_taken = to;
          to = targets(to)[0];
        } else {
          path.parts.pop_back();
          if (targets(to).size() < 2) return {Waypoint::Kind::end, no_node, std::move(path)};
          to = targets(to)[1];
        }
        break;
      }
    }
  }
}

}  // namespace backlot
