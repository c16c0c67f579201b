// Processes under way, and how they are stopped: by their timeout, or with the run; first gently, after a grace for
// good.
#pragma once
#include <chrono>
#include <unordered_map>
#include <vector>

#include "backlot/base/timers.h"
#include "backlot/engine/executor.h"
#include "backlot/engine/outcome.h"
#include "backlot/engine/task_under_way.h"

namespace backlot {

/// One task, or the items of a range of a pure step.
struct LiveLaunch {
  std::vector<TaskPtr> tasks;
  TimerId timer = 0;  ///< timeout, then grace
  bool timed_out = false, cancelled = false;
  std::chrono::nanoseconds launched{0};
  SentMetadata metadata;  ///< for the case that it leaves no manifest
  std::size_t metadata_bytes = 0;

  TaskUnderWay& first() { return *tasks.front(); }
};

class Launches {
 public:
  Launches(Executor& executor, Timers& timers, Duration grace) : executor_(executor), timers_(timers), grace_(grace) {}
  ~Launches();
  Launches(const Launches&) = delete;
  Launches& operator=(const Launches&) = delete;

  /// The process is started by this. `timeout` 0: none.
  void start(Launch launch, LiveLaunch live, Duration timeout);
  /// Null when it has ended.
  LiveLaunch* find(LaunchId id);
  /// One that has ended.
  LiveLaunch take(LaunchId id);
  /// All of them; gently: for good after the grace.
  void stop(Stop how);

  bool empty() const { return live_.empty(); }
  auto begin() { return live_.begin(); }
  auto end() { return live_.end(); }

 private:
  void arm(LiveLaunch& live, LaunchId id, Duration delay);
  void on_timer(LaunchId id);

  Executor& executor_;
  Timers& timers_;
  const Duration grace_;
  std::unordered_map<LaunchId, LiveLaunch> live_;
};

}  // namespace backlot
