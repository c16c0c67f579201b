#include "apps/signals/chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "apps/signals/report_words.h"

namespace backlot::signals::app {

namespace {

constexpr double width = 720, height = 120, left = 66, right = 8, top = 8, bottom = 20;

std::string at(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

class Axes {
 public:
  Axes(const Samples& samples, Window window) : window_(window) {
    bool any = false;
    for (std::uint32_t i = 0; i < samples.grid.count; ++i) {
      if (!samples.has(i) || !window.contains(samples.grid.at(i))) continue;
      low_ = any ? std::min(low_, samples.values[i]) : samples.values[i];
      high_ = any ? std::max(high_, samples.values[i]) : samples.values[i];
      any = true;
    }
    if (high_ == low_) {
      low_ -= 1;
      high_ += 1;
    }
  }
  double x(Nanos time) const {
    const double share = static_cast<double>(time - window_.begin) / static_cast<double>(window_.end - window_.begin);
    return left + std::clamp(share, 0.0, 1.0) * (width - left - right);
  }
  double y(double value) const { return top + (high_ - value) / (high_ - low_) * (height - top - bottom); }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  Window window_;
  double low_ = 0, high_ = 0;
};

/// Moves and lines through the samples; a column of pixels has its least and its most.
std::string path_of(const Samples& samples, Window window, const Axes& axes) {
  std::string path;
  bool is_down = false;
  const TimeGrid& grid = samples.grid;
  const auto first =
      static_cast<std::uint32_t>(std::clamp<Nanos>((window.begin - grid.start) / grid.step, 0, grid.count));
  const auto count =
      static_cast<std::uint32_t>(std::clamp<Nanos>((window.end - grid.start) / grid.step, 0, grid.count));
  const std::uint32_t each = std::max(1u, (count - first) / 600);
  for (std::uint32_t begin = first; begin < count; begin += each) {
    double least = 0, most = 0;
    bool any = false;
    for (std::uint32_t i = begin; i < std::min(count, begin + each); ++i) {
      if (!samples.has(i)) continue;
      least = any ? std::min(least, samples.values[i]) : samples.values[i];
      most = any ? std::max(most, samples.values[i]) : samples.values[i];
      any = true;
    }
    if (!any) {
      is_down = false;
      continue;
    }
    const std::string x = at(axes.x(samples.grid.at(begin)));
    path += (is_down ? "L" : "M") + x + " " + at(axes.y(least));
    path += "L" + x + " " + at(least == most ? axes.y(most) - (is_down ? 0 : 0.1) : axes.y(most));
    is_down = true;
  }
  return path;
}

std::string band(const char* css, const Onset& onset, const Axes& axes) {
  const double from = axes.x(onset.low), to = std::max(axes.x(onset.high), from + 1.5);
  return std::string("<rect class=\"") + css + "\" x=\"" + at(from) + "\" y=\"" + at(top) + "\" width=\"" +
         at(to - from) + "\" height=\"" + at(height - top - bottom) + "\"/>";
}

std::string words(const char* anchor, double x, double y, const std::string& text) {
  return "<text text-anchor=\"" + std::string(anchor) + "\" x=\"" + at(x) + "\" y=\"" + at(y) + "\">" + escaped(text) +
         "</text>";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string chart(const Samples& samples, Window window, const Onset& target, const std::optional<Onset>& own) {
  const Axes axes(samples, window);
  std::string svg = "<svg viewBox=\"0 0 " + at(width) + " " + at(height) + "\" role=\"img\">";
  svg += band("target", target, axes);
  if (own) svg += band("own", *own, axes);
  svg += "<path d=\"" + path_of(samples, window, axes) + "\"/>";
  svg += words("end", left - 6, top + 9, number_words(axes.high())) +
         words("end", left - 6, height - bottom, number_words(axes.low()));
  const Nanos begin = window.begin, end = window.end;
  for (int k = 0; k <= 4; ++k) {
    const Nanos time = begin + (end - begin) / 4 * k;
    svg += words(k == 0 ? "start" : k == 4 ? "end" : "middle", axes.x(time), height - 5, clock_words(time));
  }
  return svg + "</svg>";
}

}  // namespace backlot::signals::app
