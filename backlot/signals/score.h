// How well a candidate explains the target: a sum of parts, each printed with its reason. It is no probability. A
// larger shift, an earlier onset, more company or a closer neighbour never lowers it.
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
  double r = 0;
  std::uint32_t changes = 1;     ///< of the candidate in the whole window
  double company = 0;            ///< Company::Together::evidence
  std::optional<unsigned> hops;  ///< calls between its service and the target's; none: not known
};

/// At most: shift 20, onset 25, lead 5, company 25, correlation 15, quiet 10, neighbour 10.
std::vector<Part> score_of(const Evidence& evidence);
double sum_of(const std::vector<Part>& parts);

/// What of the score does not depend on the target: comparable between any two moments of a window.
double weight_of(const Moment& moment, std::uint32_t changes, double company);

}  // namespace backlot::signals
