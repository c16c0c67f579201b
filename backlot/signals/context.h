// What is known beside the series: what happened when, and who calls whom.
#pragma once
#include <string>
#include <vector>

#include "backlot/signals/labels.h"
#include "backlot/signals/time_grid.h"

namespace backlot::signals {

/// A deploy, a change of configuration, an alert elsewhere.
struct Event {
  Nanos at = 0;
  Labels labels;  ///< of what it touched
  std::string text;
};

/// An edge of the call graph.
struct Call {
  std::string caller, callee;
};

}  // namespace backlot::signals
