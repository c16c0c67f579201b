// Replica groups: what is analysed as one, a series or what is left of one whose pods come and go.
#pragma once
#include <string>
#include <vector>

#include "backlot/signals/samples.h"

namespace backlot::signals {

/// Labels that name a replica rather than what it does.
const std::vector<std::string>& default_volatile_labels();

struct ReplicaGroup {
  Labels labels;                     ///< without the volatile ones, when it has several members
  std::vector<std::size_t> members;  ///< of the source
};

/// Series with equal labels but for the volatile ones are one group's members, in the order of the source; so each
/// series is in one group. `set_aside[i]`: series i is in none.
std::vector<ReplicaGroup> replica_groups_of(const SeriesSource& source, const std::vector<std::string>& volatile_labels,
                                            const std::vector<bool>& set_aside);

/// The members together, at each place of those that are there: counts are added up, all else is the mean. All have
/// been prepared alike; their steps are equal.
Samples together(const std::vector<Samples>& members);

}  // namespace backlot::signals
