// A series made ready for analysis: counters become rates or counts, fine steps become coarse ones, and what comes back
// at the same time every week is taken out.
#pragma once
#include <span>

#include "backlot/signals/samples.h"

namespace backlot::signals {

/// What a place without a scrape says.
enum class Absence : std::uint8_t {
  missing,  ///< nothing
  zero,     ///< that nothing happened: of series that exist only when they count something
};

/// A counter becomes what it grew by: for each step where that is a whole number below sparse_increment on average
/// (Kind::count), else for each second (Kind::gauge). What it grew by when it was reset, or when the sample before is
/// missing, is not known. Other kinds stay as they are.
void differentiate(Samples& samples);
inline constexpr double sparse_increment = 5;

/// On a grid of a longer step, a multiple of its own: the mean of what is there, for counts the sum where all is there.
void coarsen(Samples& samples, Nanos step);

/// Places without a scrape become 0 when `absence` says so.
void settle_absence(Samples& samples, Absence absence);

/// Takes out of `samples` what it shares with the weeks before: a level and the median of the weeks, fitted where
/// `is_fitted` (the time before the incident) and rounded down to nothing when it explains nothing. Of a series whose
/// weeks have less than half of its samples: false, and nothing is done. Counts become a gauge.
bool deseason(Samples& samples, std::span<const Samples> weeks, std::uint32_t fitted_until);

}  // namespace backlot::signals
