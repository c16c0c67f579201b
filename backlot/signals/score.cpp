#include "backlot/signals/score.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace backlot::signals {
namespace {

std::string said(const char* format, double value) {
  char text[120];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

double minutes_of(Nanos duration) { return static_cast<double>(duration) / static_cast<double>(minute); }

double shift_points(const Moment& moment) {
  const bool is_change = moment.happening == Happening::level || moment.happening == Happening::variance;
  return is_change ? 20 * moment.effect / (moment.effect + 5) : 12;
}
double co_occurrence_points(double evidence) { return 25 * std::min(1.0, evidence / 8); }
double quiet_points(std::uint32_t changes) { return 10.0 / std::max(1u, changes); }

std::string co_occurrence_said(double evidence) {
  const char* format = evidence < 5 ? "as many of one label change together by chance once in %.0f"
                                    : "as many of one label change together by chance once in 10^%.0f";
  return said(format, evidence < 5 ? std::pow(10, evidence) : evidence);
}

std::string shift_said(const Moment& moment) {
  switch (moment.happening) {
    case Happening::born: return "it was born";
    case Happening::died: return "it died";
    case Happening::variance: return said("its noise is %.2g times what it was", moment.after / moment.before);
    case Happening::level: break;
  }
  return said("%.1f deviations of its noise", moment.effect);
}

}  // namespace

Outcome order_of(const Onset& candidate, const Onset& target) {
  if (candidate.high < target.low) return Outcome::changed_before;
  if (candidate.low > target.high) return Outcome::changed_after;
  return Outcome::changed_with;
}

std::vector<Part> score_of(const Evidence& e) {
  std::vector<Part> parts;
  parts.push_back({"shift", shift_points(e.moment), shift_said(e.moment)});
  const double delay = minutes_of(std::max<Nanos>(0, e.moment.onset.low - e.target.high));
  const double lead = minutes_of(std::max<Nanos>(0, e.target.low - e.moment.onset.high));
  parts.push_back({"onset", 25 * std::exp2(-delay / 2),
                   delay > 0 ? said("%.0f min after the target", delay) : "not after the target"});
  if (lead > 0) parts.push_back({"lead", 5 * std::min(1.0, lead / 10), said("%.0f min before the target", lead)});
  if (e.co_occurrence > 0)
    parts.push_back({"company", co_occurrence_points(e.co_occurrence), co_occurrence_said(e.co_occurrence)});
  const bool is_near = std::abs(e.near) > std::abs(e.r);
  const double r = is_near ? e.near : e.r;
  parts.push_back({"correlation", 15 * r * r, said(is_near ? "r = %.2f around the onset" : "r = %.2f", r)});
  parts.push_back({"quiet", quiet_points(e.changes),
                   e.changes > 1 ? said("%.0f changes in the window", e.changes) : "no other change in the window"});
  if (e.hops) parts.push_back({"neighbour", 10.0 / (1 + *e.hops), said("%.0f calls from the target", *e.hops)});
  return parts;
}

Part origin_part(double own, double callees) {
  const double share = own > 0 ? callees / own : 1;
  const char* why = callees == 0   ? "nothing that it calls changed"
                    : share <= 0.5 ? "what it calls changed by less than half as much"
                    : share < 1    ? "what it calls changed less"
                                   : "what it calls changed as much";
  return {"origin", 10 * std::clamp(2 * (1 - share), 0.0, 1.0), why};
}

double strength_of(const std::vector<Part>& parts) {
  double sum = 0;
  for (const Part& part : parts)
    if (part.name == "shift" || part.name == "correlation") sum += part.points;
  return sum;
}

double sum_of(const std::vector<Part>& parts) {
  double sum = 0;
  for (const Part& part : parts) sum += part.points;
  return sum;
}

double weight_of(const Moment& moment, std::uint32_t changes, double co_occurrence) {
  // Co-occurrence counts whole here: no number of companions is as good as any larger one.
  return shift_points(moment) + 25 * co_occurrence / 8 + quiet_points(changes);
}

}  // namespace backlot::signals
