#include "backlot/engine/budget.h"

#include <algorithm>

namespace backlot {

Budget::Budget(Capacity capacity) : capacity_(std::move(capacity)) {}

Resources Budget::charge(const Decorators& with) const {
  return {std::min(with.resources.cpu, capacity_.cpu), std::min(with.resources.memory, capacity_.memory),
          std::min(with.resources.gpu, capacity_.gpu)};
}

int Budget::places(const std::string& pool) const {
  auto found = capacity_.pools.find(pool);
  return found == capacity_.pools.end() ? 1 : found->second;
}

std::string Budget::waits_for(const Decorators& with) const {
  Resources asks = charge(with);
  if (running_ >= capacity_.workers) return "workers";
  if (cpu_ + asks.cpu > capacity_.cpu + 1e-9) return "cpu";
  if (memory_ + asks.memory > capacity_.memory) return "memory";
  if (gpu_ + asks.gpu > capacity_.gpu) return "gpu";
  if (with.pool.empty()) return {};
  auto used = pools_.find(with.pool);
  return used != pools_.end() && used->second >= places(with.pool) ? "pool " + with.pool : "";
}

void Budget::acquire(const Decorators& with) {
  Resources asks = charge(with);
  ++running_;
  cpu_ += asks.cpu;
  memory_ += asks.memory;
  gpu_ += asks.gpu;
  if (!with.pool.empty()) ++pools_[with.pool];
}

void Budget::release(const Decorators& with) {
  Resources asks = charge(with);
  BACKLOT_ASSERT(running_ > 0);
  --running_;
  cpu_ = running_ == 0 ? 0 : cpu_ - asks.cpu;  // no drift of doubles over millions of tasks
  memory_ -= asks.memory;
  gpu_ -= asks.gpu;
  if (!with.pool.empty()) --pools_[with.pool];
}

}  // namespace backlot
