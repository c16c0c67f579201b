#include "backlot/card/words.h"

#include <chrono>
#include <cmath>
#include <cstdio>

#include "backlot/base/clock.h"

namespace backlot::card {

std::string number_words(double value) {
  char text[32];
  std::snprintf(text, sizeof text, std::abs(value) >= 1000 && std::abs(value) < 1e6 ? "%.0f" : "%.3g", value);
  return text;
}

std::string count_words(std::size_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string plural_words(std::size_t count, const char* noun) {
  return count_words(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string percent_words(double share) {
  char text[32];
  std::snprintf(text, sizeof text, share < 0.01 ? "%.2f %%" : share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
  return text;
}

std::string clock_words(std::int64_t time_ns, bool with_seconds) {
  constexpr std::size_t clock = 11;  // "2026-03-11T08:31:07…"
  const auto since_1970 = std::chrono::floor<std::chrono::microseconds>(std::chrono::nanoseconds(time_ns));
  return rfc3339(since_1970.count()).substr(clock, with_seconds ? 8 : 5);
}

}  // namespace backlot::card
