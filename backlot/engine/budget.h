// What may run at once: the machine's resources, a number of workers, and named pools.
#pragma once
#include <map>
#include <string>

#include "backlot/base/error.h"
#include "backlot/flow/decorators.h"

namespace backlot {

/// What this run may use of the machine. Zero memory or gpu in a request reserves none.
struct Capacity {
  double cpu = 1;
  std::uint64_t memory = 0;  ///< bytes
  int gpu = 0;
  int workers = 1;                   ///< tasks at once, whatever they ask for
  std::map<std::string, int> pools;  ///< places by name; a pool that is not listed has one place
};

class Budget {
 public:
  explicit Budget(Capacity capacity);
  /// What a task that asks for `with` is charged: its request, clamped to the capacity.
  Resources charge(const Decorators& with) const;
  /// Empty when it fits now, else what it waits for: "workers", "cpu", "memory", "gpu", "pool NAME".
  std::string waits_for(const Decorators& with) const;
  /// Whether no task fits, whatever it asks for.
  bool full() const { return running_ >= capacity_.workers || cpu_ + 1e-9 >= capacity_.cpu; }
  void acquire(const Decorators& with);
  void release(const Decorators& with);
  const Capacity& capacity() const { return capacity_; }
  int running() const { return running_; }

 private:
  int places(const std::string& pool) const;
  Capacity capacity_;
  double cpu_ = 0;
  std::uint64_t memory_ = 0;
  int gpu_ = 0, running_ = 0;
  std::map<std::string, int> pools_;
};

}  // namespace backlot
