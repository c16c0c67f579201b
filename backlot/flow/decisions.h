// What a task decided at the choose and loop nodes behind it, by name: the same when the flow was edited since.
#pragma once
#include <cstdint>
#include <string>

#include "backlot/flow/graph.h"
#include "backlot/flow/index_path.h"
#include "backlot/value/manifest.h"

namespace backlot {

/// What the way to a node is called in manifests: a step by its name, a routing node by its kind, the member that it
/// asks and the ways on from there: "choose mode(a|b)", "foreach items(work)".
std::string name_of_way(const Graph& graph, NodeId to);

/// Answers the questions of a walk (GraphWalk::Decide) from what a task left. Refers to both.
class Decisions {
 public:
  Decisions(const Graph& graph, const Transition& next) : graph_(graph), next_(next) {}

  /// Throws Error corrupt when nothing is left, or a name is of no way on from `routing`. Ordinals of version 1 are
  /// read against `graph`, which has to be that of the run that executed the task.
  std::uint32_t operator()(NodeId routing, std::uint64_t pass);
  bool all_used() const { return used_ == next_.decisions.size() + next_.ordinals.size(); }

 private:
  const Graph& graph_;
  const Transition& next_;
  std::size_t used_ = 0;
};

/// The number of the way taken, as a walk takes it, to its name, as manifests keep it: for a loop 1 is again, 0 done.
std::string name_of_decision(const Graph& graph, NodeId routing, std::uint32_t decision);

/// What the task of `node` at `path` left, with names in place of the ordinals of version 1. `graph`: of the run that
/// executed it. Throws Error corrupt when they do not fit.
Transition in_names(const Graph& graph, NodeId node, const IndexPath& path, const Transition& next);

}  // namespace backlot
