#include "backlot/server/expected_tasks.h"

#include <algorithm>
#include <optional>

#include "backlot/client/ways.h"

namespace backlot::server {
namespace {

constexpr std::size_t most_manifests = 1000;

/// The steps after which a task's end may lead to this node.
std::vector<std::string> names_before(const Graph& graph, NodeId node) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!is_task(graph.nodes[i].kind)) continue;
    std::vector<NodeId> waiting = graph.after(NodeId(i));
    std::vector<bool> seen(graph.nodes.size());
    while (!waiting.empty()) {
      NodeId at = waiting.back();
      waiting.pop_back();
      if (seen[at.index()]) continue;
      seen[at.index()] = true;
      if (at == node) found.push_back(graph.nodes[i].name);
      NodeKind kind = graph.node(at).kind;
      if (is_task(kind) || kind == NodeKind::foreach) continue;
      for (NodeId next : graph.after(at)) waiting.push_back(next);
    }
  }
  return found;
}

/// Whether a token can go by without coming to a node, whatever is chosen on the way.
class Ways {
 public:
  /// `stop`: where tokens end; no_node: at the end of the graph.
  Ways(const Graph& graph, NodeId node, NodeId stop)
      : graph_(graph), node_(node), stop_(stop), misses_(graph.nodes.size()) {}

  /// Splits go all ways; a foreach may have no items; a loop is left some day, so a way back leads nowhere.
  bool can_miss(NodeId at) {
    if (at == node_) return false;
    if (at == stop_) return true;
    std::optional<bool>& known = misses_[at.index()];
    if (known) return *known;
    known = false;  // on the way back
    const Node& here = graph_.node(at);
    std::vector<NodeId> next = graph_.after(at);
    auto misses = [this](NodeId n) { return can_miss(n); };
    bool goes_one_way = here.kind == NodeKind::choose || here.kind == NodeKind::loop;
    bool result = here.kind == NodeKind::foreach ? misses(here.match)
                  : goes_one_way                 ? std::any_of(next.begin(), next.end(), misses)
                                                 : std::all_of(next.begin(), next.end(), misses);
    misses_[at.index()] = result;
    return result;
  }

 private:
  const Graph& graph_;
  const NodeId node_, stop_;
  std::vector<std::optional<bool>> misses_;
};

/// Whether each token that goes into `around` (no_node: the run) comes to the node.
bool is_certain(const Graph& graph, NodeId node, NodeId around) {
  NodeId stop = around == no_node ? no_node : graph.node(around).match;
  NodeId first = around == no_node ? first_node : graph.after(around).at(0);
  return !Ways(graph, node, stop).can_miss(first);
}

class Expectation {
 public:
  explicit Expectation(const client::Run& run) : run_(run), graph_(run.graph()) {
    for (client::Step& step : run.steps()) steps_.emplace(step.name(), std::move(step));
  }

  ExpectedTasks all() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (!is_task(graph_.nodes[i].kind)) continue;
      const std::string& step = graph_.nodes[i].name;
      found_.total += found_.by_step[step] = of(NodeId(i));
    }
    if (run_.row().state == RunState::done) found_.at_least = false;
    return std::move(found_);
  }

 private:
  /// Null: none of its tasks is known yet.
  const client::Step* find(const std::string& step) const {
    auto at = steps_.find(step);
    return at == steps_.end() ? nullptr : &at->second;
  }
  StepRow row_of(const std::string& step) const { return find(step) ? find(step)->row() : StepRow{}; }

  /// The sum of the fan-outs that the finished tasks of a step opened; empty when it has too many tasks.
  std::optional<std::int64_t> fan_outs_of(const std::string& step) {
    const client::Step* of = find(step);
    if (!of) return 0;
    std::vector<client::Task> tasks = of->tasks(0, most_manifests + 1);
    if (tasks.size() > most_manifests) return std::nullopt;
    std::int64_t sum = 0;
    for (const client::Task& task : tasks) {
      if (task.row().state != TaskState::done) continue;
      std::vector<AttemptRow> attempts = task.attempts();
      if (attempts.empty() || attempts.back().manifest.empty()) continue;
      Manifest manifest = decode_manifest(attempts.back().manifest);
      if (manifest.next.fan_out) sum += static_cast<std::int64_t>(manifest.next.fan_out->count);
    }
    return sum;
  }

  /// How many tokens go into a foreach's body, as far as it has opened.
  std::int64_t width(NodeId foreach) {
    auto [known, is_new] = widths_.try_emplace(foreach, 0);
    if (!is_new) return known->second;
    std::int64_t sum = 0;
    for (const std::string& step : names_before(graph_, foreach)) {
      std::optional<std::int64_t> fan_outs = fan_outs_of(step);
      sum += fan_outs.value_or(0);
      if (!fan_outs || row_of(step).done < of(graph_.find(step))) found_.at_least = true;
    }
    return widths_[foreach] = sum;
  }

  std::int64_t of(NodeId node) {
    std::vector<NodeId> around = graph_.foreachs_around(node);
    const NodeId inner = around.empty() ? no_node : around.back();
    const std::int64_t tokens = inner == no_node ? 1 : width(inner);
    const std::int64_t tasks = row_of(graph_.node(node).name).tasks;
    if (is_certain(graph_, node, inner)) return std::max(tasks, tokens);
    if (tasks < tokens || tokens == 0) found_.at_least = true;
    return tasks;
  }

  const client::Run& run_;
  std::map<std::string, client::Step> steps_;
  const Graph graph_;
  std::map<NodeId, std::int64_t> widths_;  ///< of each foreach
  ExpectedTasks found_;
};

}  // namespace

ExpectedTasks expected_tasks(const client::Run& run) { return Expectation(run).all(); }

}  // namespace backlot::server
