#include "backlot/engine/launches.h"

#include "backlot/base/error.h"

namespace backlot {

Launches::~Launches() {
  for (auto& [id, live] : live_) timers_.cancel(live.timer);
}

void Launches::start(Launch launch, LiveLaunch live, Duration timeout) {
  LiveLaunch& kept = live_[launch.id] = std::move(live);
  if (timeout.count() > 0) arm(kept, launch.id, timeout);
  executor_.launch(std::move(launch));
}

LiveLaunch* Launches::find(LaunchId id) {
  auto found = live_.find(id);
  return found == live_.end() ? nullptr : &found->second;
}

LiveLaunch Launches::take(LaunchId id) {
  auto found = live_.find(id);
  BACKLOT_ASSERT(found != live_.end());
  LiveLaunch live = std::move(found->second);
  live_.erase(found);
  timers_.cancel(live.timer);
  return live;
}

void Launches::stop(Stop how) {
  for (auto& [id, live] : live_) {
    live.cancelled = true;
    executor_.stop(id, how);
    if (how == Stop::gently) arm(live, id, grace_);
  }
}

void Launches::arm(LiveLaunch& live, LaunchId id, Duration delay) {
  timers_.cancel(live.timer);
  live.timer = timers_.after(delay, [this, id] { on_timer(id); });
}

// The first time it is the timeout, then the grace.
void Launches::on_timer(LaunchId id) {
  LiveLaunch* live = find(id);
  if (!live) return;
  live->timer = 0;
  if (live->timed_out || live->cancelled) return executor_.stop(id, Stop::now);
  live->timed_out = true;
  executor_.stop(id, Stop::gently);
  arm(*live, id, grace_);
}

}  // namespace backlot
