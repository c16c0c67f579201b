#include "backlot/card/line_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "backlot/card/html.h"
#include "backlot/card/words.h"

namespace backlot::card {
namespace {

constexpr double width = 720, height = 120, left = 66, right = 8, top = 8, bottom = 20;

constexpr std::int64_t columns = 600;

std::int64_t time_of(const LineChart& chart, std::size_t i) {
  return chart.start + static_cast<std::int64_t>(i) * chart.step;
}

/// A coordinate.
std::string at(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

class Axes {
 public:
  explicit Axes(const LineChart& chart) : begin_(chart.begin), end_(chart.end) {
    bool any = false;
    for (std::size_t i = 0; i < chart.values.size(); ++i) {
      const double value = chart.values[i];
      const std::int64_t time = time_of(chart, i);
      if (std::isnan(value) || time < begin_ || time >= end_) continue;
      low_ = any ? std::min(low_, value) : value;
      high_ = any ? std::max(high_, value) : value;
      any = true;
    }
    if (high_ == low_) {
      low_ -= 1;
      high_ += 1;
    }
  }
  double x(std::int64_t time) const {
    const double share =
        static_cast<double>(time - begin_) / static_cast<double>(std::max<std::int64_t>(1, end_ - begin_));
    return left + std::clamp(share, 0.0, 1.0) * (width - left - right);
  }
  double y(double value) const { return top + (high_ - value) / (high_ - low_) * (height - top - bottom); }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  std::int64_t begin_, end_;
  double low_ = 0, high_ = 0;
};

/// Moves and lines through the values; a column of pixels has its least and its most.
std::string path_of(const LineChart& chart, const Axes& axes) {
  std::string path;
  bool is_down = false;
  const auto count = static_cast<std::int64_t>(chart.values.size());
  const std::int64_t first = std::clamp<std::int64_t>((chart.begin - chart.start) / chart.step, 0, count);
  const std::int64_t last = std::clamp<std::int64_t>((chart.end - chart.start) / chart.step, 0, count);
  const std::int64_t each = std::max<std::int64_t>(1, (last - first) / columns);
  for (std::int64_t begin = first; begin < last; begin += each) {
    double least = 0, most = 0;
    bool any = false;
    for (double value : chart.values.subspan(static_cast<std::size_t>(begin),
                                             static_cast<std::size_t>(std::min(last, begin + each) - begin))) {
      if (std::isnan(value)) continue;
      least = any ? std::min(least, value) : value;
      most = any ? std::max(most, value) : value;
      any = true;
    }
    if (!any) {
      is_down = false;
      continue;
    }
    const std::string x = at(axes.x(time_of(chart, static_cast<std::size_t>(begin))));
    path += (is_down ? "L" : "M") + x + " " + at(axes.y(least));
    path += "L" + x + " " + at(least == most ? axes.y(most) - (is_down ? 0 : 0.1) : axes.y(most));
    is_down = true;
  }
  return path;
}

std::string svg_of(const LineChart::Band& band, const Axes& axes) {
  const double from = axes.x(band.from), to = std::max(axes.x(band.to), from + 1.5);
  return std::string("<rect class=\"") + escaped(band.css) + "\" x=\"" + at(from) + "\" y=\"" + at(top) +
         "\" width=\"" + at(to - from) + "\" height=\"" + at(height - top - bottom) + "\"/>";
}

std::string words(const char* anchor, double x, double y, const std::string& text) {
  return "<text text-anchor=\"" + std::string(anchor) + "\" x=\"" + at(x) + "\" y=\"" + at(y) + "\">" + escaped(text) +
         "</text>";
}

}  // namespace

std::string svg_of(const LineChart& chart) {
  const Axes axes(chart);
  std::string svg = "<svg viewBox=\"0 0 " + at(width) + " " + at(height) + "\" role=\"img\">";
  for (const LineChart::Band& band : chart.bands) svg += svg_of(band, axes);
  svg += "<path d=\"" + path_of(chart, axes) + "\"/>";
  svg += words("end", left - 6, top + 9, number_words(axes.high())) +
         words("end", left - 6, height - bottom, number_words(axes.low()));
  constexpr std::int64_t half_an_hour = 1'800'000'000'000;
  const bool with_seconds = chart.end - chart.begin < half_an_hour;  // else two places would have one name
  for (int k = 0; k <= 4; ++k) {
    const std::int64_t time = chart.begin + (chart.end - chart.begin) / 4 * k;
    svg += words(k == 0   ? "start"
                 : k == 4 ? "end"
                          : "middle",
                 axes.x(time), height - 5, clock_words(time, with_seconds));
  }
  return svg + "</svg>";
}

}  // namespace backlot::card
