// What a task could see: the rule by which an artifact is looked up (docs/architecture.md §3.4).
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "backlot/catalog/catalog.h"
#include "backlot/flow/graph.h"

namespace backlot::client {

struct Sighting {
  TaskRow task;  ///< whose manifest holds it; number 0: it is a parameter of the run
  Reference value;
};

/// What a name meant to a task at its end: its own manifest, else what the task before it saw, and so on up to a
/// join, which sees only what it set or merged, and the parameters.
std::optional<Sighting> find_in_scope(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task,
                                      std::string_view name);

/// The task whose end led to this one, unless it is the first or a join.
std::optional<TaskRow> task_before(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task);

}  // namespace backlot::client
