// How much a series moves by itself: estimates that changes of level, single outliers and slow trends do not spoil.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace backlot::signals {

struct Noise {
  double sigma = 0;  ///< standard deviation around the level; 0: none to be seen
  double phi = 0;    ///< correlation of neighbours, as of an AR(1), in [0, most_phi]
  /// Standard deviation that independent samples would need for the same spread of long means: sigma × sqrt((1 + phi) /
  /// (1 - phi)).
  double long_run = 0;
};
inline constexpr double most_phi = 0.97;

/// From the spread of differences over one and over two samples. Of fewer than 3 samples: none.
Noise noise_of(std::span<const double> samples);

/// The median; the mean of the two middle ones of an even number. Reorders `values`. Precondition: not empty.
double median_of(std::span<double> values);

}  // namespace backlot::signals
