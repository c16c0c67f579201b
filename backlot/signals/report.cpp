#include "backlot/signals/report.h"

namespace backlot::signals {

std::string_view name_of(Happening happening) {
  constexpr std::string_view names[] = {"level", "born", "died", "variance"};
  return names[static_cast<int>(happening)];
}
std::string_view name_of(Outcome outcome) {
  constexpr std::string_view names[outcome_count] = {"set aside",      "not read",     "insufficient",
                                                     "flat",           "unchanged",    "replaced",
                                                     "changed before", "changed with", "changed after"};
  return names[static_cast<int>(outcome)];
}

}  // namespace backlot::signals
