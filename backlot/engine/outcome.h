// What became of an attempt whose process has ended.
#pragma once
#include "backlot/base/clock.h"
#include "backlot/engine/executor.h"
#include "backlot/value/manifest.h"

namespace backlot {

/// Why an attempt was stopped by us, if it was.
struct Stopped {
  bool timed_out = false, cancelled = false;
  Duration timeout{0};  ///< that it had
};

/// The manifest it left; where its process left nothing whole, one whose failure says how that ended.
Manifest outcome_of(const Exit& exit, const Stopped& stopped);

}  // namespace backlot
