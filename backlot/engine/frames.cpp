#include "backlot/engine/frames.h"

#include <algorithm>

#include "backlot/value/item.h"

namespace backlot {
namespace {

BranchRecord record_of(const Token& token, std::int64_t number) {
  BranchRecord record;
  record.index = token.index;
  record.number = number;
  record.scope = Scope::seen(token.scope, token.fan_out->scope, &record.replaces);
  return record;
}

}  // namespace

std::vector<ForeachItem> items_around(const Graph& graph, const Token& token) {
  std::vector<ForeachItem> items;
  std::uint64_t index = token.index;
  for (const OpenFanOut* fan_out = token.fan_out.get(); fan_out;
       index = fan_out->index, fan_out = fan_out->outer.get()) {
    if (graph.node(fan_out->node).kind != NodeKind::foreach) continue;
    items.push_back({fan_out->node, index, fan_out->list});
  }
  std::reverse(items.begin(), items.end());
  return items;
}

Frames::Frames(Files& files, std::string scratch, RunIdentity run, const Graph& graph, BlobReader& lists)
    : files_(files), scratch_(std::move(scratch)), run_(std::move(run)), graph_(graph), lists_(lists) {}

TaskFrame Frames::frame_of(const Token& token, std::int64_t number) {
  TaskFrame frame;
  frame.run = run_;
  frame.node = token.node;
  frame.path = token.path;
  frame.number = number;
  frame.seed = seed_of(run_.flow, graph_.node(token.node).name, token.path);
  frame.scope = Scope::seen(token.scope);
  frame.items = items_around(graph_, token);
  for (ForeachItem& item : frame.items) look_up(item);
  if (const OpenFanOutPtr& fan_out = token.joins) {
    frame.split_scope = Scope::seen(fan_out->scope);
    frame.joined_list = fan_out->list;
    tables_.at(fan_out->table).complete(frame);
  }
  return frame;
}

void Frames::look_up(ForeachItem& item) {
  try {
    item.item = small_item_of(item.list, item.index, lists_);
  } catch (const Error&) {}  // the task will look itself, and say what is wrong
}

Plan::Advance Frames::follow(Plan& plan, Token token, std::int64_t number, const Manifest& manifest, bool ran) {
  OpenFanOutPtr joined = token.joins;
  Plan::Advance advance = plan.finished(std::move(token), number, manifest, ran);
  if (joined) tables_.erase(joined->table);
  if (advance.opened) {
    advance.fan_out->table = next_table_++;
    tables_.try_emplace(advance.fan_out->table, files_,
                        scratch_ + "/branches-" + std::to_string(advance.fan_out->table), advance.fan_out->count);
  }
  if (advance.arrived) tables_.at(advance.token.fan_out->table).add(record_of(advance.token, number));
  return advance;
}

}  // namespace backlot
