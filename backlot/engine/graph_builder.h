// Graphs by hand, for tests: the SDK builds them from a flow's type.
#pragma once
#include <string>

#include "backlot/flow/graph.h"

namespace backlot {

/// Adds nodes one after another; `from` edges are added by hand with edge().
struct GraphBuilder {
  Graph graph;
  NodeId add(std::string name, NodeKind kind, NodeId inside = no_node) {
    Node node;
    node.name = std::move(name);
    node.kind = kind;
    node.inside = inside;
    return graph.add(std::move(node));
  }
  void edge(NodeId from, NodeId to, std::string label = {}) { graph.edges.push_back({from, to, std::move(label)}); }
  void match(NodeId fan_out, NodeId join) {
    graph.node(fan_out).match = join;
    graph.node(join).match = fan_out;
  }
  Decorators& with(NodeId node) { return graph.node(node).with; }
};

/// start -> foreach(body) -> join -> end. Nodes 0 start, 1 foreach, 2 body, 3 join, 4 end.
inline Graph foreach_graph() {
  GraphBuilder b;
  NodeId start = b.add("start", NodeKind::step), fan_out = b.add("items", NodeKind::foreach);
  NodeId body = b.add("body", NodeKind::step, fan_out), join = b.add("join", NodeKind::join),
         end = b.add("end", NodeKind::step);
  b.edge(start, fan_out);
  b.edge(fan_out, body);
  b.edge(body, join);
  b.edge(join, end);
  b.match(fan_out, join);
  return b.graph;
}

}  // namespace backlot
