#include "backlot/base/nearest.h"

#include <algorithm>

namespace backlot {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known) {
  constexpr std::size_t longest = 256;  // what is longer is no typing error, and the table is quadratic
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : known) {
    std::size_t length = std::max(name.size(), candidate.size());
    if (length > longest) continue;
    std::size_t distance = edit_distance(name, candidate);
    if (distance > std::max<std::size_t>(1, length / 3) || (best && distance >= best_distance)) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
  if (auto near = nearest(name, known)) return "did you mean " + *near + "?";
  constexpr std::size_t shown = 12;
  std::string text;
  for (std::size_t i = 0; i < known.size() && i < shown; ++i) text += (i ? ", " : "one of ") + known[i];
  if (known.size() > shown) text += ", …";
  return text;
}

}  // namespace backlot
