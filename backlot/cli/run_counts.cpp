#include "backlot/cli/run_counts.h"

#include <algorithm>

namespace backlot::cli {

void RunCounts::on_run(std::string_view flow, std::int64_t run_id, std::int64_t, const Graph& graph) {
  title_ = std::string(flow) + "/" + std::to_string(run_id);
  graph_ = &graph;
  steps_.assign(graph.nodes.size(), {});
}

// The steps that a fan-out leads to directly: how many tasks they will have is known now.
void RunCounts::on_fan_out(NodeId fan_out, std::uint64_t count) {
  for (NodeId first : graph_->after(fan_out)) {
    if (node(first).kind != NodeKind::step) continue;
    StepCount& step = steps_[first.index()];
    step.total += node(fan_out).kind == NodeKind::foreach ? count : 1;
    step.total_is_known = true;
  }
}

void RunCounts::on_task(const TaskEvent& event) {
  StepCount& step = steps_[event.node.index()];
  switch (event.kind) {
    case TaskEvent::Kind::started: ++step.running, waits_.erase(event.number); break;
    case TaskEvent::Kind::cloned:
    case TaskEvent::Kind::cached: ++step.done; break;
    case TaskEvent::Kind::done: --step.running, ++step.done; break;
    case TaskEvent::Kind::failed: --step.running, ++step.failed; break;
    case TaskEvent::Kind::retrying:
      --step.running;
      if (event.delay.count() > 0) waits_[event.number] = {event.node, std::chrono::steady_clock::now() + event.delay};
      break;
    case TaskEvent::Kind::caught: --step.running; break;
  }
  if (!step.total_is_known) step.total = std::max(step.total, step.running + step.done + step.failed);
  if (step.running == 0) step.share = -1;
}

void RunCounts::count_down() {
  for (StepCount& step : steps_) step.retry_in = -1;
  auto now = std::chrono::steady_clock::now();
  for (const auto& [number, wait] : waits_) {
    auto left = std::chrono::ceil<std::chrono::seconds>(wait.until - now).count();
    std::int64_t& next = steps_[wait.node.index()].retry_in;
    if (next < 0 || left < next) next = std::max<std::int64_t>(left, 0);
  }
}

void RunCounts::on_progress(std::string_view step, std::int64_t, double share, std::string_view note) {
  StepCount& told = steps_[graph_->find(step).index()];
  told.share = share;
  told.note = note;
}

}  // namespace backlot::cli
