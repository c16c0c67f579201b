// The changes of one prepared series: where, how surely there, from what to what, and of which kind.
#pragma once
#include <cstdint>
#include <vector>

#include "backlot/signals/samples.h"

namespace backlot::signals {

struct Change {
  enum class Kind : std::uint8_t {
    level,  ///< it stays on another level
    spike,  ///< and goes back within three samples and five minutes
    slope,  ///< it was on its way: a line explains it as well as a step
  };
  std::uint32_t index = 0;          ///< the first sample of the new segment
  std::uint32_t low = 0, high = 0;  ///< it is in [low, high]; wider where samples are missing and for rates
  double before = 0, after = 0;     ///< mean levels of the segments at either side
  double effect = 0;                ///< |after - before| in standard deviations of the noise
  Kind kind = Kind::level;
};
std::string_view name_of(Change::Kind kind);

struct Behaviour {
  enum class State : std::uint8_t {
    insufficient,  ///< too few samples to say anything
    flat,          ///< never moves
    moving,
  };
  State state = State::moving;
  double sigma = 0, long_run = 0, phi = 0;  ///< of its noise (noise.h)
  std::vector<Change> changes;              ///< in order
};

/// Samples that a series must have for anything to be said.
inline constexpr std::uint32_t least_samples = 10;

/// Exact segmentation by mean (counts: by rate) with the default penalty, of samples of which single outliers were cut
/// to four deviations around the median of their neighbours. Precondition: not a counter (prepare.h).
Behaviour behaviour_of(const Samples& samples);

}  // namespace backlot::signals
