#include "backlot/engine/origin.h"

#include <functional>

#include "backlot/flow/decisions.h"
#include "backlot/flow/graph_walk.h"

namespace backlot {
namespace {

std::vector<bool> left_out(const Graph& graph, const std::string& rerun_from) {
  if (rerun_from.empty()) return std::vector<bool>(graph.nodes.size());
  NodeId from = graph.find(rerun_from);
  if (from == no_node) {
    throw Error(ErrorCode::usage, "no step is named '" + rerun_from + "'", "see `show` for the steps of the flow");
  }
  return reachable_from(graph, from);
}

}  // namespace

/// Brings what finished tasks left into line with the graph as it is now.
class Origin::Adapter {
 public:
  Adapter(const RunRow& run, const Graph& before, const Graph& now, ClonePolicy policy)
      : run_(run), before_(before), now_(now), policy_(policy) {
    if (before_ == now_) return;
    std::vector<ChangedWay> ways = changed_ways(before_, now_);
    for (const ChangedWay& way : ways) {
      if (way.step != no_node) changed_[now_.node(way.step).name] = {way.asks, 0, 0, {}};
    }
    if (policy_ == ClonePolicy::by_name) return;
    again_ = run_again(now_, ways);
    begins_anew_ = !ways.empty() && ways[0].step == no_node;
  }

  /// The task's manifest, as the graph now wants it; empty when it has to run again.
  std::optional<Finished> adapted(const TaskRow& task, const std::string& manifest) {
    NodeId node = now_.find(task.step);
    if (node == no_node) return std::nullopt;
    auto found = changed_.find(task.step);
    bool again = !again_.empty() && again_[node.index()];
    any_again_ = any_again_ || again;
    if (found == changed_.end()) return again ? std::nullopt : std::optional(Finished{task.number, manifest});
    Changed& changed = found->second;
    ++changed.tasks;
    if (again) return ++changed.again, std::nullopt;
    Manifest left = decode_manifest(manifest);
    Transition next;
    if (changed.asks) {
      auto followed = follow(node, task, left.next, changed);
      if (!followed) return ++changed.again, std::nullopt;
      next = std::move(*followed);
    }
    left.next = std::move(next);
    left.version = Manifest().version;
    return Finished{task.number, encode(left), true};
  }

  std::optional<Error> refusal;

  /// Steps of which finished tasks are asked something new (by_name). All that follows may see other values.
  std::vector<bool> asked_anew() const {
    std::vector<bool> all(now_.nodes.size());
    for (auto& [step, changed] : changed_) {
      if (changed.again == 0) continue;
      auto reached = reachable_from(now_, now_.find(step));
      for (std::size_t i = 0; i < all.size(); ++i) all[i] = all[i] || reached[i];
    }
    return all;
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> lines;
    if (begins_anew_ && any_again_)
      lines.push_back("the flow begins with step '" + now_.nodes[0].name + "' now: all of it runs again");
    for (auto& [step, changed] : changed_) {
      if (changed.tasks == 0 || begins_anew_) continue;
      std::string what = "step '" + step + "' goes on in another way than in run " + std::to_string(run_.run_id);
      if (!changed.why.empty()) what += " (" + changed.why + ')';
      if (changed.again)
        what += ": it and all that follow run again";
      else if (policy_ == ClonePolicy::by_ancestry)
        what += ": all that follows runs again";
      else
        what += changed.asks ? ": what had finished is kept, and goes on to the step that it chose then"
                             : ": what had finished is kept";
      lines.push_back(std::move(what));
    }
    return lines;
  }

 private:
  struct Changed {
    bool asks = false;
    std::int64_t tasks = 0, again = 0;
    std::string why;
  };

  /// Where the task goes on in the graph as it is now: to the step that it chose, or over the list that it left.
  std::optional<Transition> follow(NodeId node, const TaskRow& task, const Transition& left, Changed& changed) {
    IndexPath path = *IndexPath::from_key(task.path);
    Transition then = in_names(before_, before_.find(task.step), path, left), now;
    std::string missing;
    Waypoint end = GraphWalk(now_).after(node, path, [&](NodeId routing, std::uint64_t) -> std::uint32_t {
      if (then.decisions.empty()) return missing = now_.node(routing).name, 0;
      auto way = way_to(routing, then.decisions.back());
      if (!way) return refuse(task.step, then.decisions.back()), missing = then.decisions.back(), 0;
      now.decisions.push_back(name_of_decision(now_, routing, *way));
      return *way;
    });
    if (!missing.empty()) return changed.why = "it is asked for '" + missing + "' now", std::nullopt;
    if (end.kind != Waypoint::Kind::fan_out) return now;
    const Node& fan_out = now_.node(end.node);
    if (fan_out.kind != NodeKind::foreach) return now;
    if (!then.fan_out || then.fan_out->field != fan_out.name)
      return changed.why = "it fans over '" + fan_out.name + "' now", std::nullopt;
    now.fan_out = then.fan_out;
    return now;
  }

  /// The decision at a routing node that leads to `target`, directly or past other routing nodes.
  std::optional<std::uint32_t> way_to(NodeId routing, const std::string& target) const {
    std::vector<NodeId> ways = now_.after(routing);
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (name_of_way(now_, ways[i]) != target && !leads_to(ways[i], target)) continue;
      auto way = static_cast<std::uint32_t>(i);
      return now_.node(routing).kind == NodeKind::loop ? 1 - way : way;
    }
    return std::nullopt;
  }
  bool leads_to(NodeId from, const std::string& target) const {
    const Node& node = now_.node(from);
    return (node.kind == NodeKind::choose || node.kind == NodeKind::loop) && way_to(from, target).has_value();
  }

  void refuse(const std::string& step, const std::string& target) {
    if (refusal) return;
    refusal.emplace(ErrorCode::usage,
                    "step '" + step + "' of run " + std::to_string(run_.run_id) + " went on to '" + target +
                        "', where it no longer leads",
                    "resume from step '" + step + "' to run it again, or bring the way back");
  }

  const RunRow& run_;
  const Graph &before_, &now_;
  ClonePolicy policy_;
  std::map<std::string, Changed> changed_;  // steps whose way on has changed
  std::vector<bool> again_;                 // by_ancestry: by node of now_
  bool begins_anew_ = false, any_again_ = false;
};

Origin::Origin(Catalog& catalog, const RunRow& run, const Graph& before, const Graph& graph,
               const std::string& rerun_from, ClonePolicy policy)
    : run_(run.key), policy_(policy) {
  std::vector<bool> again = left_out(graph, rerun_from);
  Adapter adapter(run, before, graph, policy);
  std::vector<std::string> run_again;
  for (std::size_t i = 0; i < again.size(); ++i)
    if (again[i] && is_task(graph.nodes[i].kind)) run_again.push_back(graph.nodes[i].name);
  auto take = [&](const TaskRow& task, const AttemptRow& attempt) {
    if (task.state != TaskState::done) return;
    auto finished = adapter.adapted(task, attempt.manifest);
    if (!finished) return;
    steps_.insert(task.step);
    tasks_[task.step + '/' + task.path] = std::move(*finished);
  };
  catalog.each_finished(run.key, take, run_again);
  if (policy == ClonePolicy::by_name) leave_out(graph, adapter.asked_anew());
  notes_ = adapter.notes();
  refusal_ = std::move(adapter.refusal);
}

void Origin::leave_out(const Graph& graph, const std::vector<bool>& nodes) {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i]) steps_.erase(graph.nodes[i].name);
  std::erase_if(tasks_, [&](const auto& task) { return !steps_.contains(task.first.substr(0, task.first.find('/'))); });
}

const Origin::Finished* Origin::find(const std::string& step, const IndexPath& path, bool fresh) const {
  if (fresh && policy_ == ClonePolicy::by_ancestry) return nullptr;
  auto found = tasks_.find(step + '/' + path.key());
  return found == tasks_.end() ? nullptr : &found->second;
}

}  // namespace backlot
