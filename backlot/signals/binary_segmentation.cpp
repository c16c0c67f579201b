#include <algorithm>
#include <optional>

#include "backlot/signals/searches.h"

namespace backlot::signals {
namespace {

struct Cut {
  std::uint32_t begin, end, at;
  double gain;
};

std::optional<Cut> best_cut(const SegmentCost& cost, std::uint32_t begin, std::uint32_t end, std::uint32_t min_size) {
  if (end - begin < 2 * min_size) return std::nullopt;
  Cut best{begin, end, begin, -1};
  const double whole = cost(begin, end);
  for (std::uint32_t at = begin + min_size; at + min_size <= end; ++at) {
    double gain = whole - cost(begin, at) - cost(at, end);
    if (gain > best.gain) best = {begin, end, at, gain};
  }
  return best;
}

}  // namespace

Changes binary_segmentation(const SegmentCost& cost, std::uint32_t count, double penalty, std::uint32_t min_size) {
  Changes changes;
  std::vector<Cut> open;
  auto look_at = [&](std::uint32_t begin, std::uint32_t end) {
    auto cut = best_cut(cost, begin, end, min_size);
    if (cut && cut->gain > penalty) open.push_back(*cut);
  };
  look_at(0, count);
  while (!open.empty()) {
    Cut cut = open.back();
    open.pop_back();
    changes.push_back(cut.at);
    look_at(cut.begin, cut.at);
    look_at(cut.at, cut.end);
  }
  std::sort(changes.begin(), changes.end());
  return changes;
}

}  // namespace backlot::signals
