#include "apps/signals/bench/baselines.h"

#include <algorithm>
#include <cmath>

#include "backlot/signals/lag_screen.h"
#include "backlot/signals/prepare.h"

namespace backlot::signals::incidents {
namespace {

bool is_hit(const Incident& incident, std::vector<std::pair<double, std::size_t>> scored) {
  std::stable_sort(scored.begin(), scored.end(), [](auto& a, auto& b) { return a.first > b.first; });
  for (std::size_t k = 0; k < std::min<std::size_t>(10, scored.size()); ++k)
    if (std::count(incident.planted().begin(), incident.planted().end(), scored[k].second)) return true;
  return false;
}

Samples rates(const Samples& samples) {
  Samples made = samples;
  differentiate(made);
  if (made.grid.step < minute) coarsen(made, minute);
  return made;
}

}  // namespace

bool correlation_hits(const Incident& incident, const Fetched& source, const Samples& target, double least) {
  std::vector<std::pair<double, std::size_t>> scored;
  for (std::size_t i = 0; i < source.size(); ++i) {
    Samples s = rates(source.at(i));
    if (s.grid.count != target.grid.count) continue;
    double r = std::abs(exact_correlation(s.values, target.values, 0));
    if (r > least) scored.emplace_back(r, i);
  }
  return is_hit(incident, scored);
}

bool robust_hits(const Incident& incident, const Fetched& source) {
  std::vector<std::pair<double, std::size_t>> scored;
  for (std::size_t i = 0; i < source.size(); ++i) {
    Samples s = rates(source.at(i));
    std::vector<double> before;
    double most = 0;
    for (std::uint32_t k = 0; k < s.grid.count; ++k)
      if (s.has(k) && s.grid.at(k) < incident.onset()) before.push_back(s.values[k]);
    if (before.size() < 10) continue;
    std::sort(before.begin(), before.end());
    const double middle = before[before.size() / 2];
    double spread = before[before.size() * 3 / 4] - before[before.size() / 4];
    if (spread == 0) spread = 1;
    for (std::uint32_t k = 0; k < s.grid.count; ++k)
      if (s.has(k) && s.grid.at(k) >= incident.onset()) most = std::max(most, std::abs(s.values[k] - middle) / spread);
    scored.emplace_back(most, i);
  }
  return is_hit(incident, scored);
}

}  // namespace backlot::signals::incidents
