#include "backlot/engine/waiting_tasks.h"

#include <algorithm>

namespace backlot {

void WaitingTasks::add(TaskPtr task, Duration delay) {
  if (delay.count() <= 0) return add(std::move(task));
  const std::int64_t number = task->row.number;
  const TimerId timer = timers_.after(delay, [this, number] {
    auto node = delayed_.extract(number);
    if (node.empty()) return;
    ready_.push_back(std::move(node.mapped().task));
    due_();
  });
  delayed_[number] = {timer, std::move(task)};
}

TaskPtr WaitingTasks::take(const std::function<bool(const TaskUnderWay&)>& fits) {
  auto found = std::find_if(ready_.begin(), ready_.end(), [&](const TaskPtr& task) { return fits(*task); });
  if (found == ready_.end()) return nullptr;
  TaskPtr task = std::move(*found);
  ready_.erase(found);
  return task;
}

std::vector<TaskPtr> WaitingTasks::take_all() {
  stop_delays();
  std::vector<TaskPtr> all(std::make_move_iterator(ready_.begin()), std::make_move_iterator(ready_.end()));
  for (auto& [number, delayed] : delayed_) all.push_back(std::move(delayed.task));
  ready_.clear();
  delayed_.clear();
  return all;
}

bool WaitingTasks::has_ready(NodeId node) const {
  return std::any_of(ready_.begin(), ready_.end(), [&](const TaskPtr& task) { return task->token.node == node; });
}

void WaitingTasks::stop_delays() {
  for (auto& [number, delayed] : delayed_) timers_.cancel(delayed.timer);
}

}  // namespace backlot
