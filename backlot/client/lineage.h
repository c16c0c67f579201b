// Which tasks led to which, as the catalog keeps it. However wide a join, no more is read than is asked for.
#pragma once
#include <optional>
#include <vector>

#include "backlot/catalog/catalog.h"
#include "backlot/flow/graph.h"

namespace backlot::client {

/// The task whose end led to this one, unless it is the first or a join.
std::optional<TaskRow> parent(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task);

/// Of a run from before the catalog kept it, TaskRow::parents is searched for here and in all below: once the run has
/// ended for all its tasks at once, and stored where the catalog can be written.
std::uint64_t count_parents(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task);

/// The tasks whose ends led to this one: none for the first, the branches for a join; at most `limit`, by number.
std::vector<TaskRow> parents(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task,
                             std::size_t limit = SIZE_MAX);
/// The tasks to which this one led, at most `limit`, by number.
std::vector<TaskRow> children(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task,
                              std::size_t limit = SIZE_MAX);
/// To how many it leads, also those that have not begun.
std::uint64_t count_children(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task);

}  // namespace backlot::client
