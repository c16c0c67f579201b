#include "backlot/signals/lifetime.h"

#include <algorithm>
#include <cmath>

namespace backlot::signals {
namespace {

/// How long a silence must be to be one in ten thousand, where `there` of `span` samples are there and the others are
/// missing by chance.
std::uint32_t telling_silence(std::uint32_t there, std::uint32_t span) {
  if (there == span) return 0;
  const double missing = 1 - static_cast<double>(there) / span;
  return static_cast<std::uint32_t>(std::min(1e9, std::ceil(std::log(1e-4) / std::log(missing))));
}

}  // namespace

Lifetime lifetime_of(const Samples& samples) {
  constexpr std::uint32_t least = 5;
  std::uint32_t first = samples.grid.count, last = 0, longest = 0, there = 0;
  for (std::uint32_t i = 0; i < samples.grid.count; ++i) {
    if (!samples.has(i)) continue;
    if (first == samples.grid.count) {
      first = i;
    } else {
      longest = std::max(longest, i - last - 1);
    }
    last = i;
    ++there;
  }
  Lifetime lifetime;
  if (first == samples.grid.count) return lifetime;
  const std::uint32_t needed = std::max({least, longest + 1, telling_silence(there, last - first + 1)});
  if (first >= needed) lifetime.born = first;
  const std::uint32_t after = last + 1;
  const bool said = after < samples.grid.count && samples.missing[after] == Missing::stale;
  if (said || samples.grid.count - after >= needed) lifetime.died = after;
  return lifetime;
}

}  // namespace backlot::signals
