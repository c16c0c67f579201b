// Which task led to which, in runs from before the catalog kept it (TaskRow::parents): found by going back from a
// task's path along the edges of the graph. Slow for wide joins and long loops, so it is done once, and stored.
#pragma once
#include <functional>
#include <optional>

#include "backlot/catalog/catalog.h"
#include "backlot/flow/graph.h"

namespace backlot::client {

/// What TaskRow::parents would be.
std::int64_t find_parents(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task);

/// Completes the rows of a run that has ended. Returns how many had to be. Throws at once
/// what Catalog::set_parents does: Error conflict when it goes on, permission, no_space.
std::size_t store_parents(Catalog& catalog, RunKey run);

}  // namespace backlot::client
