// What the first pass keeps of each series that was analysed: small, whatever the window, so that base rates are of all
// candidates.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "backlot/signals/report.h"

namespace backlot::signals {

/// Something that may explain the target, in time.
struct Moment {
  Happening happening = Happening::level;
  Onset onset;
  double before = 0, after = 0, effect = 0;
  bool is_marginal = false;  ///< Change::is_marginal
};

struct Row {
  std::size_t replica_group = 0;
  std::vector<std::size_t> members;     ///< of the source; several: those that come and go, together
  Outcome outcome = Outcome::not_read;  ///< insufficient, flat or unchanged, before rows are compared
  bool is_rate = false, is_deseasoned = false;
  std::uint32_t changes = 0;  ///< all of them, whatever their kind
  double sigma = 0, r = 0;
  double p = std::numeric_limits<double>::quiet_NaN();  ///< of the largest correlation at any lag, by chance
  std::int32_t lag = 0;                                 ///< in steps
  Nanos step = 0;
  double near = 0;  ///< r around the target's onset alone, where it leads by no more than the horizon; 0: not known
  std::vector<Moment> moments;
};

struct FirstPass {
  std::vector<Row> rows;              ///< in the order of the replica groups
  std::vector<std::string> failures;  ///< of what could not be read, in that order
  bool is_stopped = false;
};

}  // namespace backlot::signals
