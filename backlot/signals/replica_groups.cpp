#include "backlot/signals/replica_groups.h"

#include <map>

namespace backlot::signals {

const std::vector<std::string>& default_volatile_labels() {
  static const std::vector<std::string> names{"pod", "instance",    "container", "container_id",
                                              "id",  "replica_set", "uid"};
  return names;
}

std::vector<ReplicaGroup> replica_groups_of(const SeriesSource& source, const std::vector<std::string>& volatile_labels,
                                            const std::vector<bool>& set_aside) {
  std::vector<ReplicaGroup> groups;
  std::map<Labels, std::size_t> known;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (set_aside[i]) continue;
    Labels labels = source.labels(i);
    Labels stable = labels.without(volatile_labels);
    if (stable == labels) {
      groups.push_back({std::move(labels), {i}});
      continue;
    }
    auto [at, is_new] = known.emplace(std::move(stable), groups.size());
    if (is_new) {
      groups.push_back({std::move(labels), {i}});
    } else {
      groups[at->second].members.push_back(i);
      groups[at->second].labels = at->first;
    }
  }
  return groups;
}

Samples together(const std::vector<Samples>& members) {
  Samples sum;
  sum.kind = members.front().kind;
  sum.unit = members.front().unit;
  sum.assign(members.front().grid);
  for (const Samples& member : members)
    if (member.kind != Kind::count) sum.kind = Kind::gauge;
  for (std::uint32_t i = 0; i < sum.grid.count; ++i) {
    double total = 0;
    std::uint32_t there = 0;
    for (const Samples& member : members) {
      if (i < member.grid.count && member.has(i)) {
        total += member.values[i];
        ++there;
      } else if (i < member.grid.count && member.missing[i] != Missing::absent) {
        sum.missing[i] = member.missing[i];
      }
    }
    if (there) sum.set(i, sum.kind == Kind::count ? total : total / there);
  }
  return sum;
}

}  // namespace backlot::signals
