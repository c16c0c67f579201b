// Where tasks lead, as the graph and what they left say.
#pragma once
#include <optional>
#include <vector>

#include "backlot/catalog/catalog.h"
#include "backlot/flow/graph_walk.h"

namespace backlot::client {

/// The steps to which a node may lead, past splits and switches, in the order in which they are written.
std::vector<NodeId> next_steps(const Graph& graph, NodeId node);

/// What an attempt left (the last that ended, if none is named); empty when no such attempt has ended.
std::optional<Manifest> ended_manifest(Catalog& catalog, RunKey run, std::int64_t task,
                                       std::optional<std::int32_t> attempt = {});

/// Where a task went when it ended, as its manifest says; a join with the path of the branch that arrives. Empty when
/// it has not ended well.
std::optional<Waypoint> way_taken(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task);

}  // namespace backlot::client
