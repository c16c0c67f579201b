#include "backlot/verbs/bytes_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace backlot::verbs {
namespace {

constexpr std::string_view units = "BKMGTPE";

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  std::size_t unit = 0;
  double value = static_cast<double>(bytes);
  while (value >= 1023.95 && unit + 1 < units.size()) value /= 1024, ++unit;
  if (unit == 0) return std::to_string(bytes) + " B";
  char text[32];
  std::snprintf(text, sizeof text, value < 9.95 ? "%.1f %ciB" : "%.0f %ciB", value, units[unit]);
  return text;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !(value >= 0)) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.size() > 1 && unit.ends_with('B')) unit.remove_suffix(unit.ends_with("iB") ? 2 : 1);
  std::size_t power = unit.empty() ? 0 : units.find(unit);
  if (unit.size() > 1 || power == units.npos) return std::nullopt;
  value = std::ldexp(value, static_cast<int>(10 * power));
  if (value >= 0x1p63) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

}  // namespace backlot::verbs
