#include "backlot/value/not_finite.h"

#include <cmath>
#include <limits>
#include <string>

namespace backlot {

std::string_view not_finite_name(double value) {
  if (std::isfinite(value)) return {};
  return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

std::optional<double> not_finite_named(std::string_view name) {
  bool negative = name.starts_with('-');
  if (negative || name.starts_with('+')) name.remove_prefix(1);
  std::string word(name);
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (word != "inf" && word != "infinity") return std::nullopt;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return negative ? -infinity : infinity;
}

}  // namespace backlot
