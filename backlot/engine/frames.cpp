#include "backlot/engine/frames.h"

#include <algorithm>

#include "backlot/value/item.h"

namespace backlot {
namespace {

BranchRecord record_of(const Strand& strand, std::int64_t number) {
  BranchRecord record;
  record.index = strand.index;
  record.number = number;
  record.scope = Scope::seen(strand.scope, strand.fan->scope, &record.replaces);
  return record;
}

}  // namespace

std::vector<ForeachItem> items_around(const Graph& graph, const Strand& strand) {
  std::vector<ForeachItem> items;
  std::uint64_t index = strand.index;
  for (const Fan* fan = strand.fan.get(); fan; index = fan->index, fan = fan->outer.get()) {
    if (graph.nodes[static_cast<std::size_t>(fan->node)].kind != NodeKind::foreach) continue;
    items.push_back({fan->node, index, fan->list});
  }
  std::reverse(items.begin(), items.end());
  return items;
}

Frames::Frames(Files& files, std::string scratch, RunIdentity run, const Graph& graph, BlobReader& lists)
    : files_(files), scratch_(std::move(scratch)), run_(std::move(run)), graph_(graph), lists_(lists) {}

TaskFrame Frames::frame_of(const Strand& strand, std::int64_t number) {
  TaskFrame frame;
  frame.run = run_;
  frame.node = strand.node;
  frame.path = strand.path;
  frame.number = number;
  frame.seed = seed_of(run_.flow, graph_.nodes[static_cast<std::size_t>(strand.node)].name, strand.path);
  frame.scope = Scope::seen(strand.scope);
  frame.items = items_around(graph_, strand);
  for (ForeachItem& item : frame.items) look_up(item);
  if (const FanPtr& fan = strand.joins) {
    frame.split_scope = Scope::seen(fan->scope);
    frame.joined_list = fan->list;
    tables_.at(fan->table).complete(frame);
  }
  return frame;
}

void Frames::look_up(ForeachItem& item) {
  try {
    item.item = small_item_of(item.list, item.index, lists_);
  } catch (const Error&) {}  // the task will look itself, and say what is wrong
}

Plan::Step Frames::follow(Plan& plan, Strand strand, std::int64_t number, const Manifest& manifest, bool ran) {
  FanPtr joined = strand.joins;
  Plan::Step step = plan.finished(std::move(strand), number, manifest, ran);
  if (joined) tables_.erase(joined->table);
  if (step.opened) {
    step.fan->table = next_table_++;
    tables_.try_emplace(step.fan->table, files_, scratch_ + "/branches-" + std::to_string(step.fan->table),
                        step.fan->count);
  }
  if (step.arrived) tables_.at(step.branch.fan->table).add(record_of(step.branch, number));
  return step;
}

}  // namespace backlot
