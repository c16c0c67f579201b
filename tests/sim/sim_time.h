// Time of the simulator: nothing passes but what is asked for. Clock and timers of a world, in one queue of events.
#pragma once
#include <map>
#include <unordered_map>

#include "backlot/base/clock.h"
#include "backlot/base/timers.h"

namespace backlot::sim {

class SimTime : public Clock, public Timers {
 public:
  Micros now() override {
    return start + std::chrono::duration_cast<std::chrono::microseconds>(passed_).count() + skew_;
  }
  std::chrono::nanoseconds monotonic() override { return passed_; }

  TimerId after(std::chrono::nanoseconds delay, std::function<void()> what) override {
    TimerId id = ++last_;
    queue_.emplace(std::pair{passed_ + delay, id}, std::move(what));
    due_[id] = passed_ + delay;
    return id;
  }
  void cancel(TimerId id) override {
    auto found = due_.find(id);
    if (found == due_.end()) return;
    queue_.erase({found->second, id});
    due_.erase(found);
  }

  /// Moves to the next event and lets it happen; false when there is none.
  bool step() {
    if (queue_.empty()) return false;
    auto event = queue_.extract(queue_.begin());
    passed_ = event.key().first;
    due_.erase(event.key().second);
    event.mapped()();
    return true;
  }
  /// The wall clock jumps; order must not come from it.
  void jump(Micros by) { skew_ += by; }
  /// Everything that was to happen dies with its process.
  void forget() {
    queue_.clear();
    due_.clear();
  }

 private:
  static constexpr Micros start = 1'700'000'000'000'000;
  std::map<std::pair<std::chrono::nanoseconds, TimerId>, std::function<void()>> queue_;
  std::unordered_map<TimerId, std::chrono::nanoseconds> due_;
  std::chrono::nanoseconds passed_{0};
  Micros skew_ = 0;
  TimerId last_ = 0;
};

}  // namespace backlot::sim
