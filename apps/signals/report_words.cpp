#include "apps/signals/report_words.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "backlot/card/words.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals::app {

using namespace card;

namespace {

std::string minutes_words(Nanos duration) {
  const double minutes = static_cast<double>(duration) / static_cast<double>(minute);
  char text[32];
  std::snprintf(text, sizeof text, minutes == std::floor(minutes) ? "%.0f" : "%.1f", minutes);
  return text;
}

}  // namespace

std::string target_words(const Report& report) {
  const Report::TargetChange& target = report.target;
  std::string text = target.labels.text();
  if (!target.is_clear) return text + " has no clear change before " + time_text(target.onset.high);
  text += std::string(target.happening == Happening::variance ? "'s noise" : "") +
          (target.after > target.before ? " rose" : " fell") + " from " + number_words(target.before) + " to " +
          number_words(target.after) + " (" + number_words(target.effect) + " deviations) at " +
          clock_words(target.onset.at);
  if (target.onset.low != target.onset.high)
    text += " (" + clock_words(target.onset.low) + "–" + clock_words(target.onset.high) + ")";
  return text + " on " + time_text(target.onset.at).substr(0, 10) + ", UTC";
}

std::string accounting_words(const Report& report) {
  std::string text = plural_words(report.candidates, "candidate"), sum;
  for (int i = 0; i < outcome_count; ++i) {
    const std::size_t count = report.outcomes[static_cast<std::size_t>(i)];
    if (count)
      sum += (sum.empty() ? " = " : " + ") + count_words(count) + " " + std::string(name_of(static_cast<Outcome>(i)));
  }
  return text + sum + "; " + count_words(report.findings.size()) + " shown";
}

std::string verdict_words(const Report& report) {
  if (report.findings.empty()) return "No candidate explains this: none changed around that time.";
  const std::string often = report.chance == 0
                                ? "at no other moment of the window"
                                : "at " + percent_words(report.chance) + " of the other moments of the window";
  if (report.is_explained) return "Changed in time and in company: as much is found " + often + ".";
  return "No candidate explains this: as much is found " + often + ".";
}

std::string onset_words(const Finding& finding, const Onset& target) {
  const Nanos apart = target.at - finding.onset.at;
  const Nanos wide = std::max((finding.onset.high - finding.onset.low) / 2, (target.high - target.low) / 2);
  std::string text = finding.outcome == Outcome::changed_with && std::abs(apart) <= wide
                         ? "with it"
                         : minutes_words(std::abs(apart)) + " min";
  if (wide > 0) text += " (±" + minutes_words(wide) + ")";
  if (text.starts_with("with")) return text;
  return text + (apart > 0 ? " before" : apart < 0 ? " after" : " with it");
}

std::string shift_words(const Finding& finding) {
  if (finding.effect == 0) return finding.parts.empty() ? "" : finding.parts[0].why;
  const double ratio = finding.after / finding.before;
  const std::string what = finding.happening == Happening::variance ? "noise " : "";
  if (finding.before == 0 || ratio <= 0 || !std::isfinite(ratio))
    return what + "from " + number_words(finding.before) + " to " + number_words(finding.after);
  char text[32];
  if (ratio >= 1.5)
    std::snprintf(text, sizeof text, "up %.1f×", ratio);
  else if (ratio >= 1)
    std::snprintf(text, sizeof text, "up %.2g %%", 100 * (ratio - 1));
  else
    std::snprintf(text, sizeof text, "down %.2g %%", 100 * (1 - ratio));
  return what + text;
}

std::string shared_words(const Group& group) {
  std::string text;
  for (const Shared& shared : group.shared) {
    text += (text.empty() ? "" : "; ") + std::to_string(shared.count) + " of " + std::to_string(shared.of) + " have " +
            shared.label + "=" + shared.value + ", against " + percent_words(shared.base) + " of all";
  }
  return text;
}

std::string query_of(const Finding& finding) {
  if (!finding.query.empty()) return finding.query;
  const std::string series = finding.labels.text();
  return finding.is_rate ? "rate(" + series + "[" + signals::duration_text(4 * finding.step) + "])" : series;
}

}  // namespace backlot::signals::app
