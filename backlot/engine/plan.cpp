#include "backlot/engine/plan.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "backlot/flow/decisions.h"

namespace backlot {
namespace {

std::size_t at(NodeId node) { return static_cast<std::size_t>(node); }

// Inside a fan nothing asks before the first task: bodies begin with a step (lint).
std::uint32_t ask_nothing(NodeId, std::uint64_t) {
  throw Error(ErrorCode::invalid, "a foreach or split body does not begin with a step");
}

}  // namespace

Plan::Plan(const Graph& graph, std::vector<NamedReference> parameters)
    : graph_(&graph), route_(graph), parameters_(Scope::extend({}, std::move(parameters), {})) {
  by_order_.resize(graph.nodes.size());
  std::iota(by_order_.begin(), by_order_.end(), 0);
  std::stable_sort(by_order_.begin(), by_order_.end(), [&](NodeId a, NodeId b) {
    int pa = graph.nodes[at(a)].with.priority, pb = graph.nodes[at(b)].with.priority;
    return pa != pb ? pa > pb : a > b;
  });
  order_.resize(graph.nodes.size());
  for (std::size_t i = 0; i < by_order_.size(); ++i) order_[at(by_order_[i])] = static_cast<int>(i);

  Waypoint first = route_.begin();
  Strand main;
  main.node = first.node;
  main.path = first.path;
  main.scope = parameters_;
  make_ready(std::move(main));
}

void Plan::make_ready(Strand branch) {
  auto& queue = ready_[order_[at(branch.node)]].branches;
  queue.push_back(std::move(branch));
}

std::vector<NodeId> Plan::ready() const {
  std::vector<NodeId> nodes;
  for (auto& [order, unused] : ready_) nodes.push_back(by_order_[static_cast<std::size_t>(order)]);
  return nodes;
}

std::uint64_t Plan::ready_count(NodeId node) const {
  auto found = ready_.find(order_[at(node)]);
  if (found == ready_.end()) return 0;
  std::uint64_t count = found->second.branches.size();
  for (auto& fan : found->second.ranges) count += fan->count - fan->taken;
  return count;
}

Plan::Item Plan::next_item(NodeId node) const {
  auto found = ready_.find(order_[at(node)]);
  if (found == ready_.end()) return {};
  const Ready& ready = found->second;
  if (ready.branches.empty()) return {ready.ranges.back().get(), ready.ranges.back()->taken};
  const Strand& next = ready.branches.front();
  if (!next.fan || next.joins || graph_->nodes[at(next.fan->node)].kind != NodeKind::foreach) return {};
  // One that came back through a loop is at another path.
  const Waypoint stop = route_.into(next.fan->node, next.fan->path, next.index, ask_nothing);
  const bool was_item = next.scope == next.fan->scope && stop.node == node && stop.path == next.path;
  return was_item ? Item{next.fan.get(), next.index} : Item{};
}

void Plan::put_back(Strand branch) { make_ready(std::move(branch)); }

Strand Plan::take(NodeId node) {
  auto found = ready_.find(order_[at(node)]);
  BACKLOT_ASSERT(found != ready_.end());
  Ready& ready = found->second;
  Strand branch;
  if (!ready.branches.empty()) {
    branch = std::move(ready.branches.front());
    ready.branches.pop_front();
  } else {
    FanPtr fan = ready.ranges.back();
    Waypoint stop = route_.into(fan->node, fan->path, fan->taken, ask_nothing);
    branch.node = stop.node;
    branch.path = stop.path;
    branch.fan = fan;
    branch.index = fan->taken++;
    branch.scope = fan->scope;
    branch.fresh = fan->fresh;
    branch.parents = fan->opener;
    if (fan->taken == fan->count) ready.ranges.pop_back();
  }
  if (ready.branches.empty() && ready.ranges.empty()) ready_.erase(found);
  return branch;
}

Plan::Step Plan::finished(Strand branch, std::int64_t number, const Manifest& manifest, bool ran) {
  if (manifest.failure) throw Error(ErrorCode::corrupt, "a task that is done left a failure");
  Decisions decided(*graph_, manifest.next);
  Waypoint stop = route_.after(branch.node, branch.path, std::ref(decided));
  if (!decided.all_used()) throw Error(ErrorCode::corrupt, "a task left too many decisions");
  branch.fresh = branch.fresh || ran;
  // What a join sees later starts from parameters: its base is not the fan's scope.
  branch.scope = Scope::extend(branch.scope, manifest.artifacts, branch.fan ? branch.fan->scope : ScopePtr{});
  branch.joins.reset();
  branch.parents = number;
  return go(std::move(branch), stop, manifest);
}

Plan::Step Plan::go(Strand branch, const Waypoint& stop, const Manifest& manifest) {
  Step out;
  branch.node = stop.node;
  branch.path = stop.path;
  switch (stop.kind) {
    case Waypoint::Kind::step: make_ready(std::move(branch)); break;
    case Waypoint::Kind::fan: open(std::move(branch), stop, manifest, out); break;
    case Waypoint::Kind::join:
      if (!branch.fan) throw Error(ErrorCode::corrupt, "a join outside of its fan");
      out.arrived = true;
      arrive(branch);
      out.branch = std::move(branch);
      break;
    case Waypoint::Kind::end: complete_ = true; break;
  }
  return out;
}

void Plan::open(Strand&& branch, const Waypoint& stop, const Manifest& manifest, Step& out) {
  const Node& node = graph_->nodes[at(stop.node)];
  auto fan = std::make_shared<Fan>();
  fan->node = stop.node;
  fan->path = stop.path;
  fan->scope = branch.scope;
  fan->fresh = branch.fresh;
  fan->outer = branch.fan;
  fan->index = branch.index;
  fan->opener = branch.parents;
  if (node.kind == NodeKind::foreach) {
    const auto& left = manifest.next.fan;
    if (!left) throw Error(ErrorCode::corrupt, "a task left no list for foreach " + node.name);
    if (left->field != node.name && !left->field.empty())
      throw Error(ErrorCode::corrupt, "a task left '" + left->field + "' for foreach " + node.name);
    fan->count = manifest.next.fan->count;
    fan->list = manifest.next.fan->list;
  } else {
    fan->count = route_.targets(stop.node).size();
  }
  out.opened = true;
  out.fan = fan;
  if (fan->count == 0) return begin_join(fan);
  if (node.kind == NodeKind::foreach) {
    Waypoint first = route_.into(stop.node, stop.path, 0, ask_nothing);
    ready_[order_[at(first.node)]].ranges.push_back(std::move(fan));
    return;
  }
  for (; fan->taken < fan->count; ++fan->taken) {
    Waypoint first = route_.into(stop.node, stop.path, fan->taken, ask_nothing);
    make_ready({first.node, first.path, fan, fan->taken, fan->scope, {}, fan->fresh, fan->opener});
  }
}

void Plan::arrive(const Strand& branch) {
  Fan& fan = *branch.fan;
  fan.fresh = fan.fresh || branch.fresh;
  BACKLOT_ASSERT(fan.arrived < fan.count);
  if (++fan.arrived == fan.count) begin_join(branch.fan);
}

void Plan::begin_join(const FanPtr& fan) {
  Strand join;
  join.node = graph_->nodes[at(fan->node)].match;
  join.path = fan->path;
  join.fan = fan->outer;
  join.index = fan->index;
  join.scope = parameters_;
  join.joins = fan;
  join.fresh = fan->fresh;
  join.parents = static_cast<std::int64_t>(fan->count);
  make_ready(std::move(join));
}

}  // namespace backlot
