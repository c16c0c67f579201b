// The target as candidates of different steps meet it.
#pragma once
#include <map>
#include <memory>
#include <mutex>

#include "backlot/signals/investigate.h"
#include "backlot/signals/lag_null.h"
#include "backlot/signals/lag_screen.h"

namespace backlot::signals {

/// Prepared: deseasoned where there is history, its onset found.
struct PreparedTarget {
  Samples samples;
  Onset onset;
  Change change;
  bool is_clear = false, is_deseasoned = false;
  double sigma = 0;
};
PreparedTarget prepare_target(const Target& target, const Options& options);

class TargetView {
 public:
  TargetView(PreparedTarget target, Nanos max_lag);
  const PreparedTarget& target() const { return target_; }
  /// At a step that is a multiple of its own; none when it has too few samples there. Safe from several threads.
  const LagScreen* screen(Nanos step) const;
  const LagNull* null(Nanos step) const;
  const Samples& samples(Nanos step) const;

 private:
  struct AtStep {
    Samples samples;
    std::unique_ptr<LagScreen> screen;
    std::unique_ptr<LagNull> null;
  };
  const AtStep& at(Nanos step) const;

  PreparedTarget target_;
  Nanos max_lag_;
  mutable std::mutex mutex_;
  mutable std::map<Nanos, AtStep> steps_;
};

}  // namespace backlot::signals
