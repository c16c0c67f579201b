#include "backlot/client/backward_search.h"

#include <algorithm>
#include <set>

#include "backlot/client/ways.h"
#include "backlot/flow/index_path.h"

namespace backlot::client {
namespace {

constexpr std::size_t page_size = 1000;

/// Stands in a path for the last pass of a loop that was left: which pass that was is known only from the tasks.
constexpr std::uint64_t last_pass = UINT64_MAX;

/// A node as it was reached at one place of a run.
struct Place {
  NodeId node;
  IndexPath path;
  auto operator<=>(const Place&) const = default;
};

/// The place from which an edge led to `to`; empty when the edge cannot have been taken.
std::optional<Place> before(const Graph& graph, const Edge& edge, const IndexPath& to) {
  std::vector<NodeId> around_to = graph.repeats_around(edge.to), around_from = graph.repeats_around(edge.from);
  if (around_to.size() != to.parts.size()) return std::nullopt;
  const bool from_loop = graph.node(edge.from).kind == NodeKind::loop;
  const bool again = from_loop && graph.after(edge.from)[0] == edge.to;
  Place place{edge.from, {}};
  for (NodeId repeat : around_from) {
    auto at = std::find(around_to.begin(), around_to.end(), repeat);
    if (at == around_to.end()) {
      place.path = place.path.with(IndexPath::Kind::pass, last_pass);  // a loop was left
      continue;
    }
    IndexPath::Part part = to.parts[static_cast<std::size_t>(at - around_to.begin())];
    if (again && repeat == edge.from && part.value != last_pass && part.value-- == 0) return std::nullopt;
    place.path = place.path.with(part.kind, part.value);
  }
  for (std::size_t i = 0; i < around_to.size(); ++i) {  // a loop was entered: only its first pass comes from outside
    bool entered = std::find(around_from.begin(), around_from.end(), around_to[i]) == around_from.end();
    const IndexPath::Part& part = to.parts[i];
    if (entered && part.kind == IndexPath::Kind::pass && part.value != 0 && part.value != last_pass)
      return std::nullopt;
  }
  return place;
}

bool matches(const IndexPath& pattern, const IndexPath& path) {
  return std::equal(pattern.parts.begin(), pattern.parts.end(), path.parts.begin(), path.parts.end(),
                    [](auto& a, auto& b) { return a == b || (a.value == last_pass && a.kind == b.kind); });
}

std::optional<TaskRow> task_at(Catalog& catalog, RunKey run, const std::string& step, const IndexPath& path) {
  bool exact = std::none_of(path.parts.begin(), path.parts.end(), [](auto& p) { return p.value == last_pass; });
  if (exact) return catalog.task(run, step, path.key());
  std::optional<TaskRow> last;
  std::int64_t after = 0;
  for (;;) {
    std::vector<TaskRow> page = catalog.tasks(run, step, after, page_size);
    if (page.empty()) return last;
    after = page.back().number;
    for (TaskRow& row : page) {
      auto found = IndexPath::from_key(row.path);
      if (!found || !matches(path, *found)) continue;
      if (!last || *IndexPath::from_key(last->path) < *found) last = std::move(row);
    }
  }
}

/// 0 when there is none.
std::int64_t task_before(Catalog& catalog, RunKey run, const Graph& graph, NodeId node, const TaskRow& task,
                         const IndexPath& path) {
  std::int64_t newest = 0;
  std::set<Place> seen;
  std::vector<Place> todo{{node, path}};
  while (!todo.empty()) {
    Place at = todo.back();
    todo.pop_back();
    for (const Edge& edge : graph.edges) {
      auto place = edge.to == at.node ? before(graph, edge, at.path) : std::nullopt;
      if (!place || !seen.insert(*place).second) continue;
      const Node& from = graph.node(edge.from);
      if (!is_task(from.kind)) {
        todo.push_back(std::move(*place));
      } else if (auto row = task_at(catalog, run, from.name, place->path)) {
        if (row->number != task.number) newest = std::max(newest, row->number);
      }
    }
  }
  return newest;
}

std::int64_t count_branches(Catalog& catalog, RunKey run, const Graph& graph, NodeId join, const IndexPath& path) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!is_task(graph.nodes[i].kind)) continue;
    std::vector<NodeId> next = next_steps(graph, NodeId(i));
    if (std::find(next.begin(), next.end(), join) == next.end()) continue;
    std::optional<std::string> after;
    for (;;) {
      auto page = catalog.tasks_below(run, graph.nodes[i].name, path.key(), after, page_size);
      if (page.empty()) break;
      after = page.back().path;
      for (const TaskRow& row : page) {
        auto way = way_taken(catalog, run, graph, row);
        count += way && way->kind == Waypoint::Kind::join && way->node == join;
      }
    }
  }
  return count;
}

}  // namespace

std::int64_t find_parents(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  NodeId node = graph.find(task.step);
  auto path = IndexPath::from_key(task.path);
  if (node == no_node || !path) return 0;
  if (graph.node(node).kind == NodeKind::join) return count_branches(catalog, run, graph, node, *path);
  return task_before(catalog, run, graph, node, task, *path);
}

std::size_t store_parents(Catalog& catalog, RunKey run) {
  catalog.set_parents(run, {});  // where it cannot be stored, that is said before it is searched for
  const Graph graph = decode_graph(catalog.graph(run));
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  for (std::int64_t after = 0;;) {
    std::vector<TaskRow> page = catalog.tasks(run, "", after, page_size);
    if (page.empty()) break;
    after = page.back().number;
    for (const TaskRow& task : page)
      if (!task.parents) found.emplace_back(task.number, find_parents(catalog, run, graph, task));
  }
  if (!found.empty()) catalog.set_parents(run, found);
  return found.size();
}

}  // namespace backlot::client
