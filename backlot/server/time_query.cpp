#include "backlot/server/time_query.h"

#include <charconv>
#include <chrono>

namespace backlot::server {
namespace {

/// Takes `digits` digits from the beginning of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits) return std::nullopt;
  auto [end, failed] = std::from_chars(text.data(), text.data() + digits, number);
  if (failed != std::errc() || end != text.data() + digits || text[0] == '-') return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// ".25" as microseconds.
std::optional<int> take_fraction(std::string_view& text) {
  if (!take(text, ".")) return 0;
  int micros = 0, digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits)
    if (digits < 6) micros = micros * 10 + (text[0] - '0');
  for (int i = digits; i < 6; ++i) micros *= 10;
  return digits ? std::optional(micros) : std::nullopt;
}

/// "Z" or "+01:00", in minutes.
std::optional<int> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return 0;
  bool west = text.starts_with('-');
  if (!take(text, "+-")) return std::nullopt;
  auto hours = take_number(text, 2);
  if (!hours || !take(text, ":")) return std::nullopt;
  auto minutes = take_number(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return (*hours * 60 + *minutes) * (west ? -1 : 1);
}

}  // namespace

std::optional<Micros> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  auto y = take_number(text, 4);
  if (!y || !take(text, "-")) return std::nullopt;
  auto m = take_number(text, 2);
  if (!m || !take(text, "-")) return std::nullopt;
  auto d = take_number(text, 2);
  if (!d || !take(text, "Tt ")) return std::nullopt;
  auto hour = take_number(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  auto minute = take_number(text, 2);
  if (!minute || !take(text, ":")) return std::nullopt;
  auto second = take_number(text, 2);
  auto fraction = take_fraction(text);
  auto offset = take_offset(text);
  year_month_day day(year(*y), month(static_cast<unsigned>(*m)), std::chrono::day(static_cast<unsigned>(*d)));
  if (!second || !fraction || !offset || !text.empty() || !day.ok()) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  auto time = sys_days(day) + hours(*hour) + minutes(*minute - *offset) + seconds(*second) + microseconds(*fraction);
  return duration_cast<microseconds>(time.time_since_epoch()).count();
}

Micros time_of(const Request& request, std::string_view name) {
  const std::string* text = request.find(name);
  if (!text || text->empty()) return 0;
  if (auto time = parse_rfc3339(*text)) return *time;
  throw Error(ErrorCode::usage, std::string(name) + " is no time", "such as 2026-11-24T01:42:07Z");
}

}  // namespace backlot::server
