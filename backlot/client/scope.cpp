#include "backlot/client/scope.h"

#include <algorithm>
#include <set>

#include "backlot/flow/index_path.h"

namespace backlot::client {
namespace {

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
  const bool from_loop = graph.nodes[static_cast<std::size_t>(edge.from)].kind == NodeKind::loop;
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
    std::vector<TaskRow> page = catalog.tasks(run, step, after, 1000);
    if (page.empty()) return last;
    after = page.back().number;
    for (TaskRow& row : page) {
      auto found = IndexPath::from_key(row.path);
      if (!found || !matches(path, *found)) continue;
      if (!last || *IndexPath::from_key(last->path) < *found) last = std::move(row);
    }
  }
}

}  // namespace

std::optional<TaskRow> task_before(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  NodeId node = graph.find(task.step);
  auto path = IndexPath::from_key(task.path);
  if (node == no_node || !path || graph.nodes[static_cast<std::size_t>(node)].kind == NodeKind::join)
    return std::nullopt;
  std::optional<TaskRow> newest;
  std::set<Place> seen;
  std::vector<Place> todo{{node, *path}};
  while (!todo.empty()) {
    Place at = todo.back();
    todo.pop_back();
    for (const Edge& edge : graph.edges) {
      auto place = edge.to == at.node ? before(graph, edge, at.path) : std::nullopt;
      if (!place || !seen.insert(*place).second) continue;
      const Node& from = graph.nodes[static_cast<std::size_t>(edge.from)];
      if (!is_task(from.kind)) {
        todo.push_back(std::move(*place));
      } else if (auto row = task_at(catalog, run, from.name, place->path)) {
        if (row->number != task.number && (!newest || newest->number < row->number)) newest = std::move(row);
      }
    }
  }
  return newest;
}

std::optional<Sighting> find_in_scope(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task,
                                      std::string_view name) {
  std::set<std::int64_t> seen;
  for (std::optional<TaskRow> at = task; at && seen.insert(at->number).second;
       at = task_before(catalog, run, graph, *at)) {
    for (auto attempts = catalog.attempts(run, at->number); !attempts.empty(); attempts.pop_back()) {
      if (attempts.back().manifest.empty()) continue;
      Manifest manifest = decode_manifest(attempts.back().manifest);
      if (const Reference* found = manifest.find(name)) return Sighting{*at, *found};
      break;
    }
  }
  for (NamedReference& p : catalog.parameters(run)) {
    if (p.name == name) return Sighting{{}, std::move(p.value)};
  }
  return std::nullopt;
}

}  // namespace backlot::client
