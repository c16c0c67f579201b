// The pass over all candidates: each is read once, prepared, segmented and screened.
#pragma once
#include <atomic>
#include <vector>

#include "backlot/signals/rows.h"
#include "backlot/signals/target_view.h"

namespace backlot::signals {

/// A series as it is analysed.
struct PreparedUnit {
  std::vector<std::size_t> members;
  Samples samples;
  bool is_rate = false, is_deseasoned = false, fits = true;
};

/// The series of a unit: each member by itself, and those that came or went in the window together. Throws what the
/// source throws.
std::vector<PreparedUnit> prepare_unit(const Unit& unit, const SeriesSource& source, const TargetView& target,
                                       const Options& options);

/// Of units [begin, end), by `options.workers` threads, in tiles of a fixed size: the rows do not depend on how many
/// there are, nor on how units are divided.
FirstPass pass_over(const std::vector<Unit>& units, std::size_t begin, std::size_t end, const SeriesSource& source,
                    const TargetView& target, const Options& options, const std::atomic<bool>* stop);

}  // namespace backlot::signals
