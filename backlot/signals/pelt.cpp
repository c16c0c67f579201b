#include <algorithm>
#include <limits>

#include "backlot/signals/searches.h"

namespace backlot::signals {

Changes traced_back(const std::vector<std::uint32_t>& last, std::uint32_t count) {
  Changes changes;
  for (std::uint32_t t = count; t > 0 && last[t] > 0; t = last[t]) changes.push_back(last[t]);
  std::reverse(changes.begin(), changes.end());
  return changes;
}

Changes pelt(const SegmentCost& cost, std::uint32_t count, double penalty, std::uint32_t min_size) {
  constexpr double none = std::numeric_limits<double>::infinity();
  std::vector<double> best(count + 1, none);  // of the first t samples, with a penalty for each segment
  std::vector<std::uint32_t> last(count + 1, 0);
  best[0] = 0;
  struct Candidate {
    std::uint32_t begin;
    std::uint32_t dropped_at;  // from when on it can be the last change no more
  };
  constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();
  std::vector<Candidate> candidates;
  std::vector<double> costs;
  for (std::uint32_t t = min_size; t <= count; ++t) {
    if (best[t - min_size] < none) candidates.push_back({t - min_size, never});
    std::erase_if(candidates, [&](const Candidate& c) { return c.dropped_at <= t; });
    costs.clear();
    for (const Candidate& c : candidates) {
      costs.push_back(best[c.begin] + cost(c.begin, t));
      if (costs.back() + penalty < best[t]) {
        best[t] = costs.back() + penalty;
        last[t] = c.begin;
      }
    }
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (costs[i] > best[t] && candidates[i].dropped_at == never) candidates[i].dropped_at = t + min_size;
  }
  return traced_back(last, count);
}

}  // namespace backlot::signals
