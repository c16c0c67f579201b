// Births and deaths of series within a window.
#pragma once
#include <cstdint>
#include <optional>

#include "backlot/signals/samples.h"

namespace backlot::signals {

struct Lifetime {
  std::optional<std::uint32_t> born;  ///< its first sample, after it was absent
  std::optional<std::uint32_t> died;  ///< the first place without one, to the end
};

/// A series was born when nothing is there before its first sample for longer than its longest gap, at least five
/// steps, and so long that of a series with as many samples missing it would be one silence in ten thousand; it died
/// when that is so after its last one, or the source said so (Missing::stale).
Lifetime lifetime_of(const Samples& samples);

}  // namespace backlot::signals
