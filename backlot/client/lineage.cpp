#include "backlot/client/lineage.h"

#include <algorithm>
#include <functional>
#include <set>

#include "backlot/client/backward_search.h"
#include "backlot/client/ways.h"
#include "backlot/flow/index_path.h"

namespace backlot::client {
namespace {

bool is_join(const Graph& graph, const std::string& step) {
  NodeId node = graph.find(step);
  return node != no_node && graph.node(node).kind == NodeKind::join;
}

bool is_later_pass(const IndexPath::Part& part) { return part.kind == IndexPath::Kind::pass && part.value != 0; }
bool by_number(const TaskRow& a, const TaskRow& b) { return a.number < b.number; }

/// The path of a join, of which one branch arrives with `path`.
IndexPath outside_of(const Graph& graph, NodeId join, IndexPath path) {
  path.parts.resize(std::min(path.parts.size(), graph.repeats_around(join).size()));
  return path;
}

/// Adds those of a step below a path that are `wanted`, until there are `limit`.
void add_below(Catalog& catalog, RunKey run, const std::string& step, const std::string& prefix, std::size_t limit,
               std::vector<TaskRow>& found, const std::function<bool(const TaskRow&)>& wanted) {
  constexpr std::size_t page_size = 1000;
  std::optional<std::string> after;
  while (found.size() < limit) {
    auto page = catalog.tasks_below(run, step, prefix, after, std::min(page_size, limit - found.size()));
    if (page.empty()) return;
    after = page.back().path;
    for (TaskRow& row : page)
      if (wanted(row)) found.push_back(std::move(row));
  }
}

/// TaskRow::parents.
std::int64_t parent_number(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  if (task.parents) return *task.parents;
  auto row = catalog.run(run);
  if (row && row->state != RunState::running) {
    try {
      store_parents(catalog, run);
      auto known = catalog.task(run, task.number);
      if (known && known->parents) return *known->parents;
    } catch (const Error& e) {
      // It can only be read here, the disk is full, or the run has just been removed: reading must not fail for that.
      const std::set<ErrorCode> elsewhere{ErrorCode::permission, ErrorCode::no_space, ErrorCode::conflict};
      if (!elsewhere.contains(e.code())) throw;
    }
  }
  return find_parents(catalog, run, graph, task);
}

std::vector<TaskRow> branches(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& join,
                              std::size_t limit) {
  const NodeId node = graph.find(join.step);
  auto arrives = [&](const TaskRow& row) {
    auto way = way_taken(catalog, run, graph, row);
    return way && way->kind == Waypoint::Kind::join && way->node == node;
  };
  std::vector<TaskRow> found;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!is_task(graph.nodes[i].kind)) continue;
    std::vector<NodeId> next = next_steps(graph, NodeId(i));
    if (std::find(next.begin(), next.end(), node) != next.end())
      add_below(catalog, run, graph.nodes[i].name, join.path, limit, found, arrives);
  }
  std::sort(found.begin(), found.end(), by_number);
  return found;
}

}  // namespace

std::optional<TaskRow> parent(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  if (is_join(graph, task.step)) return std::nullopt;
  const std::int64_t number = parent_number(catalog, run, graph, task);
  return number ? catalog.task(run, number) : std::nullopt;
}

std::uint64_t count_parents(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  const std::int64_t known = parent_number(catalog, run, graph, task);
  if (is_join(graph, task.step)) return static_cast<std::uint64_t>(known);
  return known ? 1 : 0;
}

std::vector<TaskRow> parents(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task, std::size_t limit) {
  if (is_join(graph, task.step)) return branches(catalog, run, graph, task, limit);
  std::vector<TaskRow> found;
  if (auto before = parent(catalog, run, graph, task); before && limit > 0) found.push_back(std::move(*before));
  return found;
}

std::vector<TaskRow> children(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task,
                              std::size_t limit) {
  auto way = way_taken(catalog, run, graph, task);
  if (!way || way->kind == Waypoint::Kind::end) return {};
  const std::string& name = graph.node(way->node).name;
  std::vector<TaskRow> found;
  if (way->kind == Waypoint::Kind::fan_out) {
    auto is_first = [depth = way->path.parts.size()](const TaskRow& row) {
      auto path = IndexPath::from_key(row.path);
      return path &&
             std::none_of(path->parts.begin() + static_cast<std::ptrdiff_t>(std::min(depth, path->parts.size())),
                          path->parts.end(), is_later_pass);
    };
    for (NodeId head : next_steps(graph, way->node))
      add_below(catalog, run, graph.node(head).name, way->path.key(), limit, found, is_first);
    std::sort(found.begin(), found.end(), by_number);
    return found;
  }
  if (way->kind == Waypoint::Kind::join) way->path = outside_of(graph, way->node, std::move(way->path));
  if (auto row = catalog.task(run, name, way->path.key()); row && limit > 0) found.push_back(std::move(*row));
  return found;
}

std::uint64_t count_children(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  auto way = way_taken(catalog, run, graph, task);
  if (!way || way->kind == Waypoint::Kind::end) return 0;
  if (way->kind != Waypoint::Kind::fan_out) return 1;
  auto left = ended_manifest(catalog, run, task.number);
  return left && left->next.fan_out ? left->next.fan_out->count : graph.after(way->node).size();
}

}  // namespace backlot::client
