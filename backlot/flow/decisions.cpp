#include "backlot/flow/decisions.h"

#include <algorithm>

#include "backlot/flow/graph_walk.h"

namespace backlot {
namespace {

/// `around`: the routing nodes whose ways are being named; one met again (a loop's body may begin with one) is cut
/// short.
std::string name_within(const Graph& graph, NodeId to, std::vector<NodeId>& around) {
  if (to == no_node) return {};
  const Node& node = graph.node(to);
  if (is_task(node.kind)) return node.name;
  std::string name(name_of(node.kind));
  if (node.kind != NodeKind::split) name += ' ' + node.name;
  if (std::find(around.begin(), around.end(), to) != around.end()) return name;
  around.push_back(to);
  std::string ways;
  for (NodeId next : graph.after(to)) ways += (ways.empty() ? "" : "|") + name_within(graph, next, around);
  around.pop_back();
  return name + '(' + ways + ')';
}

/// The case that a decision names, from the position of an edge among those of its node; a loop counts the other way.
std::uint32_t decision_of(NodeKind kind, std::size_t way) {
  return kind == NodeKind::loop ? 1u - static_cast<std::uint32_t>(way) : static_cast<std::uint32_t>(way);
}

}  // namespace

std::string name_of_way(const Graph& graph, NodeId to) {
  std::vector<NodeId> around;
  return name_within(graph, to, around);
}

std::string name_of_decision(const Graph& graph, NodeId routing, std::uint32_t decision) {
  std::vector<NodeId> ways = graph.after(routing);
  std::uint32_t way = decision_of(graph.node(routing).kind, decision);
  if (way >= ways.size()) throw Error(ErrorCode::corrupt, graph.node(routing).name + " has no such case");
  return name_of_way(graph, ways[way]);
}

std::uint32_t Decisions::operator()(NodeId routing, std::uint64_t /*pass*/) {
  if (all_used()) throw Error(ErrorCode::corrupt, "a task left too few decisions");
  std::size_t nth = used_++;
  if (nth < next_.ordinals.size()) return next_.ordinals[nth];
  const std::string& taken = next_.decisions[nth - next_.ordinals.size()];
  const Node& node = graph_.node(routing);
  std::vector<NodeId> ways = graph_.after(routing);
  for (std::size_t way = 0; way < ways.size(); ++way) {
    if (name_of_way(graph_, ways[way]) == taken) return decision_of(node.kind, way);
  }
  throw Error(ErrorCode::corrupt, "no way leads from " + std::string(name_of(node.kind)) + ' ' + node.name + " to '" +
                                      taken + "', which a task decided for");
}

Transition in_names(const Graph& graph, NodeId node, const IndexPath& path, const Transition& next) {
  Transition named;
  named.fan_out = next.fan_out;
  Decisions decided(graph, next);
  Waypoint end = GraphWalk(graph).after(node, path, [&](NodeId routing, std::uint64_t pass) {
    std::uint32_t decision = decided(routing, pass);
    named.decisions.push_back(name_of_decision(graph, routing, decision));
    return decision;
  });
  if (!decided.all_used()) throw Error(ErrorCode::corrupt, "a task left too many decisions");
  if (named.fan_out && end.kind == Waypoint::Kind::fan_out) named.fan_out->field = graph.node(end.node).name;
  return named;
}

}  // namespace backlot
