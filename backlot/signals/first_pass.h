// The pass over all candidates: each is read once, prepared, segmented and screened.
#pragma once
#include <atomic>
#include <vector>

#include "backlot/signals/rows.h"
#include "backlot/signals/target_view.h"

namespace backlot::signals {

/// A series as it is analysed.
struct PreparedSeries {
  std::vector<std::size_t> members;
  Samples samples;
  bool is_rate = false, is_deseasoned = false, fits = true;
};

/// The series of a replica group: each member by itself, and those that came or went in the window together. Throws
/// what the source throws.
std::vector<PreparedSeries> prepare_replica_group(const ReplicaGroup& group, const SeriesSource& source,
                                                  const TargetView& target, const Options& options);

/// Of replica groups [begin, end), by `options.workers` threads, in tiles of a fixed size: the rows do not depend on
/// how many there are, nor on how replica groups are divided.
FirstPass pass_over(const std::vector<ReplicaGroup>& groups, std::size_t begin, std::size_t end,
                    const SeriesSource& source, const TargetView& target, const Options& options,
                    const std::atomic<bool>* stop);

}  // namespace backlot::signals
