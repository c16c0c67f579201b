// What a task could see: the rule by which an artifact is looked up (docs/architecture.md §3.4).
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
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

/// All that the tasks of one run see, at once. Keeps what it read of tasks that others follow, so that the many tasks
/// of a foreach cost one look at the tasks before it. Not thread-safe.
class RunScope {
 public:
  using Seen = std::map<std::string, Reference, std::less<>>;

  /// `catalog` and `graph` must outlive it.
  RunScope(Catalog& catalog, RunKey run, const Graph& graph) : catalog_(catalog), run_(run), graph_(graph) {}

  /// What a task saw when an attempt of it ended (the last that did, if none is named): its own, that of the tasks
  /// before it, the parameters. Empty when no such attempt has ended.
  std::optional<Seen> at_end(const TaskRow& task, std::optional<std::int32_t> attempt = {});
  /// What one name meant there.
  std::optional<Reference> at_end(const TaskRow& task, std::string_view name, std::optional<std::int32_t> attempt);

 private:
  std::shared_ptr<const Seen> before(const TaskRow& task);
  std::shared_ptr<const Seen> parameters();
  std::optional<Manifest> manifest(std::int64_t task, std::optional<std::int32_t> attempt);

  Catalog& catalog_;
  const RunKey run_;
  const Graph& graph_;
  std::shared_ptr<const Seen> parameters_;
  std::map<std::int64_t, std::shared_ptr<const Seen>> kept_;  ///< what a task saw at its end, by its number
};

}  // namespace backlot::client
