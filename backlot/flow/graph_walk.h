// The way from the end of one task to the next: past choose and loop nodes, up to a task, a fan-out or the end of the
// flow. The task process walks it to ask the flow, the plan walks it again with the recorded answers; one walk for
// both.
#pragma once
#include <functional>
#include <vector>

#include "backlot/flow/graph.h"
#include "backlot/flow/index_path.h"

namespace backlot {

struct Waypoint {
  enum class Kind : std::uint8_t {
    step,     ///< `node` is the next task of this branch
    fan_out,  ///< `node` is a split or foreach that opens here
    join,     ///< `node` is the join that this branch arrives at
    end,      ///< the flow is over
  } kind = Kind::end;
  NodeId node = no_node;
  IndexPath path;  ///< of the branch at this point; for a loop's body it ends with the pass
};

/// A graph made ready for walking. Keeps a pointer to the graph.
class GraphWalk {
 public:
  /// Asks at a choose (which case) or a loop (1 again, 0 done). `pass` is the loop's current pass.
  using Decide = std::function<std::uint32_t(NodeId routing, std::uint64_t pass)>;

  explicit GraphWalk(const Graph& graph);

  /// Where the first task is.
  Waypoint begin() const;
  /// From the end of the task `node` at `path`. Throws Error corrupt when a decision names no case, or a loop would go
  /// beyond its bound.
  Waypoint after(NodeId node, IndexPath path, const Decide& decide) const;
  /// Into branch `index` of a split or item `index` of a foreach that opened at `path`.
  Waypoint into(NodeId fan_out, const IndexPath& path, std::uint64_t index, const Decide& decide) const;

  const std::vector<NodeId>& targets(NodeId node) const { return targets_[node.index()]; }

 private:
  Waypoint walk(NodeId to, IndexPath path, const Decide& decide, NodeId loop_taken = no_node) const;

  const Graph* graph_;
  std::vector<std::vector<NodeId>> targets_;         ///< by node, in order of its edges
  std::vector<std::vector<NodeId>> loops_begun_by_;  ///< by node: loops whose body begins there, outermost first
};

}  // namespace backlot
