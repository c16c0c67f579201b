#include "backlot/client/scope.h"

#include <algorithm>
#include <functional>
#include <set>

#include "backlot/flow/decisions.h"
#include "backlot/flow/index_path.h"
#include "backlot/flow/route.h"

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

void add_next_steps(const Graph& graph, NodeId node, std::vector<NodeId>& found, std::set<NodeId>& seen) {
  for (NodeId to : graph.after(node)) {
    if (!seen.insert(to).second) continue;
    if (is_task(graph.nodes[static_cast<std::size_t>(to)].kind))
      found.push_back(to);
    else
      add_next_steps(graph, to, found, seen);
  }
}

std::optional<Manifest> ended_manifest(Catalog& catalog, RunKey run, std::int64_t task,
                                       std::optional<std::int32_t> attempt = {}) {
  std::vector<AttemptRow> attempts = catalog.attempts(run, task);
  for (auto a = attempts.rbegin(); a != attempts.rend(); ++a) {
    if (!a->manifest.empty() && (!attempt || a->attempt == *attempt)) return decode_manifest(a->manifest);
  }
  return std::nullopt;
}

/// Where a task went when it ended, as its manifest says; empty when it has not ended well.
std::optional<Waypoint> way_taken(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  NodeId node = graph.find(task.step);
  auto path = IndexPath::from_key(task.path);
  auto left = ended_manifest(catalog, run, task.number);
  if (node == no_node || !path || !left || left->failure) return std::nullopt;
  Decisions decided(graph, left->next);
  return Route(graph).after(node, std::move(*path), std::ref(decided));
}

bool is_later_pass(const IndexPath::Part& part) { return part.kind == IndexPath::Kind::pass && part.value != 0; }
bool by_number(const TaskRow& a, const TaskRow& b) { return a.number < b.number; }

/// The path of a join, of which one branch arrives with `path`.
IndexPath outside_of(const Graph& graph, NodeId join, IndexPath path) {
  path.parts.resize(std::min(path.parts.size(), graph.repeats_around(join).size()));
  return path;
}

/// Visits the tasks of a step whose paths begin with `above`, by number.
void each_below(Catalog& catalog, RunKey run, const std::string& step, const IndexPath& above,
                const std::function<void(TaskRow&, const IndexPath&)>& visit) {
  constexpr std::size_t page_size = 1000;
  std::int64_t after = 0;
  for (;;) {
    std::vector<TaskRow> page = catalog.tasks(run, step, after, page_size);
    if (page.empty()) return;
    after = page.back().number;
    for (TaskRow& row : page) {
      auto path = IndexPath::from_key(row.path);
      bool below = path && path->parts.size() >= above.parts.size() &&
                   std::equal(above.parts.begin(), above.parts.end(), path->parts.begin());
      if (below) visit(row, *path);
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

std::vector<NodeId> next_steps(const Graph& graph, NodeId node) {
  std::vector<NodeId> found;
  std::set<NodeId> seen;
  add_next_steps(graph, node, found, seen);
  return found;
}

std::vector<TaskRow> tasks_after(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  auto way = way_taken(catalog, run, graph, task);
  if (!way || way->kind == Waypoint::Kind::end) return {};
  const std::string& name = graph.nodes[static_cast<std::size_t>(way->node)].name;
  std::vector<TaskRow> found;
  if (way->kind == Waypoint::Kind::fan) {
    for (NodeId head : next_steps(graph, way->node)) {
      each_below(catalog, run, graph.nodes[static_cast<std::size_t>(head)].name, way->path,
                 [&](TaskRow& row, const IndexPath& path) {
                   bool first = std::none_of(path.parts.begin() + static_cast<std::ptrdiff_t>(way->path.parts.size()),
                                             path.parts.end(), is_later_pass);
                   if (first) found.push_back(std::move(row));
                 });
    }
    std::sort(found.begin(), found.end(), by_number);
    return found;
  }
  if (way->kind == Waypoint::Kind::join) way->path = outside_of(graph, way->node, std::move(way->path));
  if (auto row = catalog.task(run, name, way->path.key())) found.push_back(std::move(*row));
  return found;
}

std::vector<TaskRow> tasks_before(Catalog& catalog, RunKey run, const Graph& graph, const TaskRow& task) {
  NodeId node = graph.find(task.step);
  auto path = IndexPath::from_key(task.path);
  if (node == no_node || !path) return {};
  std::vector<TaskRow> found;
  if (graph.nodes[static_cast<std::size_t>(node)].kind != NodeKind::join) {
    if (auto before = task_before(catalog, run, graph, task)) found.push_back(std::move(*before));
    return found;
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    if (!is_task(graph.nodes[i].kind)) continue;
    std::vector<NodeId> next = next_steps(graph, id);
    if (std::find(next.begin(), next.end(), node) == next.end()) continue;
    each_below(catalog, run, graph.nodes[i].name, *path, [&](TaskRow& row, const IndexPath&) {
      auto way = way_taken(catalog, run, graph, row);
      if (way && way->kind == Waypoint::Kind::join && way->node == node) found.push_back(std::move(row));
    });
  }
  std::sort(found.begin(), found.end(), by_number);
  return found;
}

// --- RunScope --------------------------------------------------------------------------------------------------------

std::optional<Manifest> RunScope::manifest(std::int64_t task, std::optional<std::int32_t> attempt) {
  return ended_manifest(catalog_, run_, task, attempt);
}

std::shared_ptr<const RunScope::Seen> RunScope::parameters() {
  if (parameters_) return parameters_;
  auto seen = std::make_shared<Seen>();
  for (NamedReference& p : catalog_.parameters(run_)) seen->insert_or_assign(std::move(p.name), std::move(p.value));
  return parameters_ = std::move(seen);
}

std::shared_ptr<const RunScope::Seen> RunScope::before(const TaskRow& task) {
  constexpr std::size_t most_kept = 1000;
  std::vector<TaskRow> way;  // the tasks before this one that are not kept yet, the nearest first
  std::set<std::int64_t> met{task.number};
  std::shared_ptr<const Seen> seen = parameters();
  for (auto at = task_before(catalog_, run_, graph_, task); at && met.insert(at->number).second;
       at = task_before(catalog_, run_, graph_, *at)) {
    if (auto kept = kept_.find(at->number); kept != kept_.end()) {
      seen = kept->second;
      break;
    }
    way.push_back(*at);  // a copy: the loop goes on from it
  }
  if (way.empty()) return seen;
  auto all = std::make_shared<Seen>(*seen);
  for (auto at = way.rbegin(); at != way.rend(); ++at) {
    auto left = manifest(at->number, {});
    if (!left) continue;
    for (NamedReference& a : left->artifacts) all->insert_or_assign(std::move(a.name), std::move(a.value));
  }
  if (kept_.size() >= most_kept) kept_.clear();
  return kept_[way.front().number] = std::move(all);
}

std::optional<RunScope::Seen> RunScope::at_end(const TaskRow& task, std::optional<std::int32_t> attempt) {
  auto left = manifest(task.number, attempt);
  if (!left) return std::nullopt;
  Seen seen = *before(task);
  for (NamedReference& a : left->artifacts) seen.insert_or_assign(std::move(a.name), std::move(a.value));
  return seen;
}

}  // namespace backlot::client
