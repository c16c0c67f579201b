#include "tests/domain/tally/tally.h"

namespace backlot::tally {

std::size_t count_words(std::string_view text) {
  std::size_t count = 0;
  bool inside = false;
  for (char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t';
    if (!is_blank && !inside) ++count;
    inside = !is_blank;
  }
  return count;
}

}  // namespace backlot::tally
