#include "backlot/engine/plan.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "backlot/flow/decisions.h"

namespace backlot {
namespace {

// Inside a fan-out nothing asks before the first task: bodies begin with a step (lint).
std::uint32_t ask_nothing(NodeId, std::uint64_t) {
  throw Error(ErrorCode::invalid, "a foreach or split body does not begin with a step");
}

}  // namespace

Plan::Plan(const Graph& graph, std::vector<NamedReference> parameters)
    : graph_(&graph), walk_(graph), parameters_(Scope::extend({}, std::move(parameters), {})) {
  by_order_.resize(graph.nodes.size());
  std::iota(by_order_.begin(), by_order_.end(), first_node);
  std::stable_sort(by_order_.begin(), by_order_.end(), [&](NodeId a, NodeId b) {
    int pa = graph.node(a).with.priority, pb = graph.node(b).with.priority;
    return pa != pb ? pa > pb : a > b;
  });
  order_.resize(graph.nodes.size());
  for (std::size_t i = 0; i < by_order_.size(); ++i) order_[by_order_[i].index()] = static_cast<int>(i);

  Waypoint first = walk_.begin();
  Token main;
  main.node = first.node;
  main.path = first.path;
  main.scope = parameters_;
  make_ready(std::move(main));
}

void Plan::make_ready(Token token) {
  auto& queue = ready_[order_[token.node.index()]].tokens;
  queue.push_back(std::move(token));
}

std::vector<NodeId> Plan::ready() const {
  std::vector<NodeId> nodes;
  for (auto& [order, unused] : ready_) nodes.push_back(by_order_[static_cast<std::size_t>(order)]);
  return nodes;
}

std::uint64_t Plan::ready_count(NodeId node) const {
  auto found = ready_.find(order_[node.index()]);
  if (found == ready_.end()) return 0;
  std::uint64_t count = found->second.tokens.size();
  for (auto& fan_out : found->second.ranges) count += fan_out->count - fan_out->taken;
  return count;
}

Plan::Item Plan::next_item(NodeId node) const {
  auto found = ready_.find(order_[node.index()]);
  if (found == ready_.end()) return {};
  const Ready& ready = found->second;
  if (ready.tokens.empty()) return {ready.ranges.back().get(), ready.ranges.back()->taken};
  const Token& next = ready.tokens.front();
  if (!next.fan_out || next.joins || graph_->node(next.fan_out->node).kind != NodeKind::foreach) return {};
  // One that came back through a loop is at another path.
  const Waypoint stop = walk_.into(next.fan_out->node, next.fan_out->path, next.index, ask_nothing);
  const bool was_item = next.scope == next.fan_out->scope && stop.node == node && stop.path == next.path;
  return was_item ? Item{next.fan_out.get(), next.index} : Item{};
}

void Plan::put_back(Token token) { make_ready(std::move(token)); }

Token Plan::take(NodeId node) {
  auto found = ready_.find(order_[node.index()]);
  BACKLOT_ASSERT(found != ready_.end());
  Ready& ready = found->second;
  Token token;
  if (!ready.tokens.empty()) {
    token = std::move(ready.tokens.front());
    ready.tokens.pop_front();
  } else {
    OpenFanOutPtr fan_out = ready.ranges.back();
    Waypoint stop = walk_.into(fan_out->node, fan_out->path, fan_out->taken, ask_nothing);
    token.node = stop.node;
    token.path = stop.path;
    token.fan_out = fan_out;
    token.index = fan_out->taken++;
    token.scope = fan_out->scope;
    token.fresh = fan_out->fresh;
    token.parents = fan_out->opener;
    if (fan_out->taken == fan_out->count) ready.ranges.pop_back();
  }
  if (ready.tokens.empty() && ready.ranges.empty()) ready_.erase(found);
  return token;
}

Plan::Advance Plan::finished(Token token, std::int64_t number, const Manifest& manifest, bool ran) {
  if (manifest.failure) throw Error(ErrorCode::corrupt, "a task that is done left a failure");
  Decisions decided(*graph_, manifest.next);
  Waypoint stop = walk_.after(token.node, token.path, std::ref(decided));
  if (!decided.all_used()) throw Error(ErrorCode::corrupt, "a task left too many decisions");
  token.fresh = token.fresh || ran;
  // What a join sees later starts from parameters: its base is not the fan-out's scope.
  token.scope = Scope::extend(token.scope, manifest.artifacts, token.fan_out ? token.fan_out->scope : ScopePtr{});
  token.joins.reset();
  token.parents = number;
  return go(std::move(token), stop, manifest);
}

Plan::Advance Plan::go(Token token, const Waypoint& stop, const Manifest& manifest) {
  Advance out;
  token.node = stop.node;
  token.path = stop.path;
  switch (stop.kind) {
    case Waypoint::Kind::step: make_ready(std::move(token)); break;
    case Waypoint::Kind::fan_out: open(std::move(token), stop, manifest, out); break;
    case Waypoint::Kind::join:
      if (!token.fan_out) throw Error(ErrorCode::corrupt, "a join outside of its fan");
      out.arrived = true;
      arrive(token);
      out.token = std::move(token);
      break;
    case Waypoint::Kind::end: complete_ = true; break;
  }
  return out;
}

void Plan::open(Token&& token, const Waypoint& stop, const Manifest& manifest, Advance& out) {
  const Node& node = graph_->node(stop.node);
  auto fan_out = std::make_shared<OpenFanOut>();
  fan_out->node = stop.node;
  fan_out->path = stop.path;
  fan_out->scope = token.scope;
  fan_out->fresh = token.fresh;
  fan_out->outer = token.fan_out;
  fan_out->index = token.index;
  fan_out->opener = token.parents;
  if (node.kind == NodeKind::foreach) {
    const auto& left = manifest.next.fan_out;
    if (!left) throw Error(ErrorCode::corrupt, "a task left no list for foreach " + node.name);
    if (left->field != node.name && !left->field.empty())
      throw Error(ErrorCode::corrupt, "a task left '" + left->field + "' for foreach " + node.name);
    fan_out->count = manifest.next.fan_out->count;
    fan_out->list = manifest.next.fan_out->list;
  } else {
    fan_out->count = walk_.targets(stop.node).size();
  }
  out.opened = true;
  out.fan_out = fan_out;
  if (fan_out->count == 0) return begin_join(fan_out);
  if (node.kind == NodeKind::foreach) {
    Waypoint first = walk_.into(stop.node, stop.path, 0, ask_nothing);
    ready_[order_[first.node.index()]].ranges.push_back(std::move(fan_out));
    return;
  }
  for (; fan_out->taken < fan_out->count; ++fan_out->taken) {
    Waypoint first = walk_.into(stop.node, stop.path, fan_out->taken, ask_nothing);
    make_ready({first.node, first.path, fan_out, fan_out->taken, fan_out->scope, {}, fan_out->fresh, fan_out->opener});
  }
}

void Plan::arrive(const Token& token) {
  OpenFanOut& fan_out = *token.fan_out;
  fan_out.fresh = fan_out.fresh || token.fresh;
  BACKLOT_ASSERT(fan_out.arrived < fan_out.count);
  if (++fan_out.arrived == fan_out.count) begin_join(token.fan_out);
}

void Plan::begin_join(const OpenFanOutPtr& fan_out) {
  Token join;
  join.node = graph_->node(fan_out->node).match;
  join.path = fan_out->path;
  join.fan_out = fan_out->outer;
  join.index = fan_out->index;
  join.scope = parameters_;
  join.joins = fan_out;
  join.fresh = fan_out->fresh;
  join.parents = static_cast<std::int64_t>(fan_out->count);
  make_ready(std::move(join));
}

}  // namespace backlot
