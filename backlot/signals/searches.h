// How the best segmentation is looked for. Each gets samples that are centred and scaled, and returns the changes.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "backlot/signals/segment_cost.h"

namespace backlot::signals {

using Changes = std::vector<std::uint32_t>;

/// Exact for every cost that never rises when a segment is cut in two. What cannot be the last change any more is
/// dropped, but min_size samples later: until then it may still be needed (Killick 2012, with the delay that segments
/// of a least size ask for).
Changes pelt(const SegmentCost& cost, std::uint32_t count, double penalty, std::uint32_t min_size);

/// Exact for costs with one parameter: keeps for each value of it the last change that would be best, so that a series
/// without a change costs no more than one with many (Maidstone 2017).
Changes functional_l2(std::span<const double> samples, double penalty);
Changes functional_poisson(std::span<const double> samples, double penalty);
Changes functional_l1(std::span<const double> samples, double penalty);

/// Cuts a segment where that gains most, and again while it gains more than the penalty. Not exact.
Changes binary_segmentation(const SegmentCost& cost, std::uint32_t count, double penalty, std::uint32_t min_size);

/// The changes, from where each prefix has its last one: last[t] is the begin of the segment that ends before t.
Changes traced_back(const std::vector<std::uint32_t>& last, std::uint32_t count);

}  // namespace backlot::signals
