#include "backlot/card/words.h"

#include <chrono>
#include <cmath>
#include <cstdio>

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

std::string clock_words(std::int64_t time_ns) {
  using namespace std::chrono;
  const nanoseconds since_1970{time_ns};
  const auto of_day = duration_cast<minutes>(since_1970 - floor<days>(since_1970)).count();
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(of_day / 60), static_cast<int>(of_day % 60));
  return text;
}

}  // namespace backlot::card
