// Tasks that have a number and wait for another attempt, or for their first: retries, some of them for a while; caught
// failures; items of a range that is run again one by one; those that are shown to wait for the budget.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <vector>

#include "backlot/base/timers.h"
#include "backlot/engine/task_under_way.h"

namespace backlot {

class WaitingTasks {
 public:
  /// `due` is called when a delay has passed: then the task can be taken.
  WaitingTasks(Timers& timers, std::function<void()> due) : timers_(timers), due_(std::move(due)) {}
  ~WaitingTasks() { stop_delays(); }
  WaitingTasks(const WaitingTasks&) = delete;
  WaitingTasks& operator=(const WaitingTasks&) = delete;

  void add(TaskPtr task) { ready_.push_back(std::move(task)); }
  /// Can be taken after the delay.
  void add(TaskPtr task, Duration delay);

  /// The one that waits longest of those that fit; none: null.
  TaskPtr take(const std::function<bool(const TaskUnderWay&)>& fits);
  /// All, those with a delay too, by the order in which they came and then by number.
  std::vector<TaskPtr> take_all();

  bool has_ready() const { return !ready_.empty(); }
  bool has_ready(NodeId node) const;  ///< of that step
  bool empty() const { return ready_.empty() && delayed_.empty(); }

 private:
  void stop_delays();

  struct Delayed {
    TimerId timer;
    TaskPtr task;
  };
  Timers& timers_;
  std::function<void()> due_;
  std::deque<TaskPtr> ready_;
  std::map<std::int64_t, Delayed> delayed_;  ///< by number
};

}  // namespace backlot
