#include "backlot/signals/time_text.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace backlot::signals {
namespace {

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

/// Reads digits and what stands between them.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}
  std::optional<int> number(std::size_t count) {
    int number = 0;
    if (text_.size() < count) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return std::nullopt;
      number = number * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return number;
  }
  bool take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::optional<Nanos> civil_time(std::string_view text) {
  Digits in(text);
  auto year = in.number(4);
  if (!year || !in.take('-')) return std::nullopt;
  auto month = in.number(2);
  if (!month || !in.take('-')) return std::nullopt;
  auto date = in.number(2);
  if (!date) return std::nullopt;
  const std::chrono::year_month_day civil(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                          std::chrono::day(static_cast<unsigned>(*date)));
  // Nanoseconds in 64 bits end in 2262.
  if (!civil.ok() || *year < 1700 || *year > 2261) return std::nullopt;
  Nanos time = static_cast<Nanos>(std::chrono::sys_days(civil).time_since_epoch().count()) * day;
  if (in.at_end()) return time;
  if (!in.take('T') && !in.take(' ') && !in.take('t')) return std::nullopt;
  auto hours = in.number(2);
  if (!hours || *hours > 23 || !in.take(':')) return std::nullopt;
  auto minutes = in.number(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  time += *hours * hour + *minutes * minute;
  if (in.take(':')) {
    auto seconds = in.number(2);
    if (!seconds || *seconds > 60) return std::nullopt;
    time += *seconds * second;
    if (in.take('.')) {
      Nanos unit = second / 10;
      bool any = false;
      while (auto digit = in.number(1)) {
        time += *digit * unit;
        unit /= 10;
        any = true;
      }
      if (!any) return std::nullopt;
    }
  }
  if (in.at_end() || ((in.take('Z') || in.take('z')) && in.at_end())) return time;
  const bool is_west = in.take('-');
  if (!is_west && !in.take('+')) return std::nullopt;
  auto zone_hours = in.number(2);
  in.take(':');
  auto zone_minutes = in.number(2);
  if (!zone_hours || !zone_minutes || !in.at_end()) return std::nullopt;
  const Nanos zone = *zone_hours * hour + *zone_minutes * minute;
  return is_west ? time + zone : time - zone;
}

}  // namespace

std::string time_text(Nanos time) {
  using namespace std::chrono;
  Nanos days = time / day;
  if (time % day < 0) --days;
  const year_month_day civil{sys_days(std::chrono::days(days))};
  const Nanos rest = time - days * day;
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(civil.year()),
                static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()), static_cast<int>(rest / hour),
                static_cast<int>(rest % hour / minute), static_cast<int>(rest % minute / second));
  std::string result = text;
  if (Nanos fraction = rest % second) {
    std::snprintf(text, sizeof text, ".%09lld", static_cast<long long>(fraction));
    result += text;
    while (result.back() == '0') result.pop_back();
  }
  return result + "Z";
}

std::optional<Nanos> time_of(std::string_view text) {
  if (auto civil = civil_time(text)) return civil;
  auto number = number_of(text);
  if (!number) return std::nullopt;
  const double size = std::abs(*number);
  // Since 1970 some 1.8e9 seconds have gone by, and a thousand times as many of the next smaller unit.
  double unit = 1;
  if (size < 1e11)
    unit = 1e9;
  else if (size < 1e14)
    unit = 1e6;
  else if (size < 1e17)
    unit = 1e3;
  std::int64_t exact = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), exact);
  if (size * unit > 9e18) return std::nullopt;
  if (failed == std::errc() && end == text.data() + text.size()) return exact * static_cast<std::int64_t>(unit);
  return static_cast<Nanos>(std::llround(*number * unit));
}

std::optional<Nanos> duration_of(std::string_view text) {
  struct TimeUnit {
    std::string_view name;
    Nanos size;
  };
  constexpr TimeUnit units[] = {{"ms", second / 1000}, {"d", day}, {"h", hour}, {"m", minute}, {"s", second}};
  double sum = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const std::size_t digits = text.find_first_not_of("0123456789.");
    if (digits == 0 || digits == text.npos) return std::nullopt;
    auto number = number_of(text.substr(0, digits));
    text.remove_prefix(digits);
    const TimeUnit* unit = nullptr;
    for (const TimeUnit& known : units)
      if (!unit && text.starts_with(known.name)) unit = &known;
    if (!number || !unit) return std::nullopt;
    sum += *number * static_cast<double>(unit->size);
    text.remove_prefix(unit->name.size());
  }
  if (sum > 9e18) return std::nullopt;
  return static_cast<Nanos>(std::llround(sum));
}

std::string duration_text(Nanos duration) {
  if (duration < 0) return "-" + duration_text(-duration);
  std::string text;
  auto part = [&](Nanos unit, const char* name) {
    if (duration < unit) return;
    text += std::to_string(duration / unit) + name;
    duration %= unit;
  };
  part(day, "d");
  part(hour, "h");
  part(minute, "m");
  part(second, "s");
  if (text.empty() && duration) part(second / 1000, "ms");
  return text.empty() ? "0s" : text;
}

}  // namespace backlot::signals
