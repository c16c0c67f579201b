// A flow's graph as plain data: a flat list of nodes and edges. What lint, console, engine and `backlot graph` see.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/base/strong_number.h"
#include "backlot/flow/decorators.h"

namespace backlot {

/// step and join are tasks; the others route, and are decided at the end of the task before them.
enum class NodeKind : std::uint8_t { step = 0, join = 1, split = 2, foreach = 3, choose = 4, loop = 5 };
std::string_view name_of(NodeKind kind);
inline bool is_task(NodeKind kind) { return kind <= NodeKind::join; }

/// An index into Graph::nodes.
using NodeId = StrongNumber<struct NodeIdTag, std::int32_t>;
inline constexpr NodeId no_node{-1}, first_node{0};

struct Node {
  std::string name;  ///< of the step; of a routing node, the member it asks
  NodeKind kind = NodeKind::step;
  Decorators with{};         ///< tasks only
  NodeId match = no_node;    ///< split, foreach: its join; join: what it closes
  NodeId inside = no_node;   ///< the innermost split or foreach around it
  std::int32_t at_most = 0;  ///< loop: the largest number of passes
  bool empty_fails = false;  ///< foreach: an empty list fails the splitting task (Python) instead of joining nothing
  bool operator==(const Node&) const = default;
};

/// Out-edges of a node stand in the order of its cases: split branches, choose cases; loop: 0 again (back), 1 done.
struct Edge {
  NodeId from = no_node, to = no_node;
  std::string label;
  bool operator==(const Edge&) const = default;
};

struct Graph {
  std::vector<Node> nodes;  ///< the first one is the first step
  std::vector<Edge> edges;
  bool operator==(const Graph&) const = default;

  const Node& node(NodeId id) const { return nodes[id.index()]; }
  Node& node(NodeId id) { return nodes[id.index()]; }
  NodeId add(Node node) {
    nodes.push_back(std::move(node));
    return NodeId(nodes.size() - 1);
  }
  /// Targets of a node's out-edges, in order.
  std::vector<NodeId> after(NodeId node) const;
  /// The task node of this name, or no_node.
  NodeId find(std::string_view step) const;
  /// The foreach nodes around a node, outermost first.
  std::vector<NodeId> foreachs_around(NodeId node) const;
  /// The foreach and loop nodes around a node, outermost first: part i of its tasks' IndexPath belongs to the i-th.
  /// A loop is around what lies on a way from its "again" edge back to it; the loop itself is inside too.
  std::vector<NodeId> repeats_around(NodeId node) const;
};

/// Everything wrong with a graph: unreachable step, unbalanced join, name clash, no single last step, bad bound,
/// a name that is no identifier … Empty when it is good.
std::vector<Diagnostic> lint(const Graph& graph);

/// The snapshot kept with a run (docs/formats/graph.md), as CBOR.
std::string encode(const Graph& graph);
/// Throws Error corrupt or newer_format.
Graph decode_graph(std::string_view bytes);

}  // namespace backlot
