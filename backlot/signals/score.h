// How well a candidate explains the target: a sum of parts, each printed with its reason. It is no probability. A
// larger shift, an earlier onset, more co-occurrence or a closer neighbour never lowers it.
#pragma once
#include <optional>
#include <vector>

#include "backlot/signals/report.h"
#include "backlot/signals/rows.h"

namespace backlot::signals {

/// Before, with or after: by whether the intervals of the two onsets overlap.
Outcome order_of(const Onset& candidate, const Onset& target);

struct Evidence {
  Moment moment;
  Onset target;
  double r = 0, near = 0;        ///< Row::r and Row::near
  std::uint32_t changes = 1;     ///< of the candidate in the whole window
  double co_occurrence = 0;      ///< CoOccurrence::Together::evidence
  std::optional<unsigned> hops;  ///< calls between its service and the target's; none: not known
};

/// At most: shift 20, onset 25, lead 5, company (co-occurrence) 25, correlation 15, quiet 10, neighbour 10; and
/// origin_part's 10.
std::vector<Part> score_of(const Evidence& evidence);

/// Where a chain of services changed, it began with the last that is called: 10 points when none of those that a
/// service calls changed more than half as strongly as it did, fewer the more they did, none when one changed as
/// strongly. `own`: the largest strength_of its service; `callees`: that of those it calls, as far as they did not
/// surely change after it.
Part origin_part(double own, double callees);
/// The points for shift and correlation.
double strength_of(const std::vector<Part>& parts);
double sum_of(const std::vector<Part>& parts);

/// What of the score does not depend on the target: comparable between any two moments of a window.
double weight_of(const Moment& moment, std::uint32_t changes, double co_occurrence);

}  // namespace backlot::signals
