// A small chart as SVG: one series over time, with bands behind it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace backlot::card {

/// Times are nanoseconds since 1970, of a day in UTC where they are written.
struct LineChart {
  std::span<const double> values;   ///< NaN: a gap, which stays one
  std::int64_t start = 0;           ///< of the first value
  std::int64_t step = 1;            ///< from each to the next; > 0
  std::int64_t begin = 0, end = 0;  ///< what is shown: [begin, end)

  struct Band {
    const char* css;  ///< its class, which the page's style colours
    std::int64_t from = 0, to = 0;
  };
  std::vector<Band> bands;
};

/// Of several values in one column of pixels the least and the most are drawn.
std::string svg_of(const LineChart& chart);

}  // namespace backlot::card
