#include "backlot/signals/samples.h"

#include <cmath>

namespace backlot::signals {

std::string_view name_of(Kind kind) {
  constexpr std::string_view names[] = {"gauge", "counter", "count"};
  return names[static_cast<int>(kind)];
}

std::string_view name_of(Missing reason) {
  constexpr std::string_view names[missing_count] = {"no", "absent", "stale", "nan", "infinite", "reset"};
  return names[static_cast<int>(reason)];
}

void Samples::assign(const TimeGrid& on) {
  grid = on;
  values.assign(on.count, std::numeric_limits<double>::quiet_NaN());
  missing.assign(on.count, Missing::absent);
}

void Samples::set(std::uint32_t i, double value) {
  if (std::isfinite(value)) {
    values[i] = value;
    missing[i] = Missing::no;
  } else {
    lose(i, std::isnan(value) ? Missing::nan : Missing::infinite);
  }
}

}  // namespace backlot::signals
