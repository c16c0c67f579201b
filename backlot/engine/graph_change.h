// What an edit of a flow's graph means for the finished tasks of a run before it.
#pragma once
#include <string>
#include <vector>

#include "backlot/flow/graph.h"

namespace backlot {

/// The way on from a step, up to the next tasks, is not what it was: a node of it has another kind, asks another
/// member, has other cases, another bound or other targets.
struct ChangedWay {
  NodeId step = no_node;  ///< in the graph as it is now; no_node: the flow begins with another step
  bool asks = false;      ///< the way asks something: what the step decided then cannot be used
};

/// All changed ways of the steps that both graphs have.
std::vector<ChangedWay> changed_ways(const Graph& before, const Graph& now);

/// Which tasks have to run again for the run to end as one from the beginning would: all that a changed way leads to,
/// and the step before it when the way asks something. By node of `now`.
std::vector<bool> run_again(const Graph& now, const std::vector<ChangedWay>& changed);

/// `node` and every node that can be reached from it.
std::vector<bool> reachable_from(const Graph& graph, NodeId node);

}  // namespace backlot
