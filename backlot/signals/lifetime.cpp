#include "backlot/signals/lifetime.h"

#include <algorithm>

namespace backlot::signals {

Lifetime lifetime_of(const Samples& samples) {
  constexpr std::uint32_t least = 5;
  std::uint32_t first = samples.grid.count, last = 0, longest = 0;
  for (std::uint32_t i = 0; i < samples.grid.count; ++i) {
    if (!samples.has(i)) continue;
    if (first == samples.grid.count) {
      first = i;
    } else {
      longest = std::max(longest, i - last - 1);
    }
    last = i;
  }
  Lifetime lifetime;
  if (first == samples.grid.count) return lifetime;
  const std::uint32_t needed = std::max(least, longest + 1);
  if (first >= needed) lifetime.born = first;
  const std::uint32_t after = last + 1;
  const bool said = after < samples.grid.count && samples.missing[after] == Missing::stale;
  if (said || samples.grid.count - after >= needed) lifetime.died = after;
  return lifetime;
}

}  // namespace backlot::signals
