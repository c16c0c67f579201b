#include "apps/signals/verbs/report_text.h"

#include <algorithm>
#include <cstdio>

#include "apps/signals/report_words.h"
#include "backlot/card/words.h"
#include "backlot/cli/terminal.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals::app {

namespace {

constexpr std::size_t most_groups = 5;

std::string score_words(double score) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", score);
  return text;
}

cli::Table groups_table(const Report& report) {
  cli::Table table({"", "SCORE", "CHANGED", "SHIFT", "SERIES"});
  for (std::size_t g = 0; g < std::min(most_groups, report.groups.size()); ++g) {
    const Group& group = report.groups[g];
    const Finding& best = report.findings[group.findings[0]];
    std::string series = best.labels.text();
    if (group.findings.size() > 1) series += "  and " + std::to_string(group.findings.size() - 1) + " more";
    table.add({std::to_string(g + 1), score_words(best.score), onset_words(best, report.target.onset),
               shift_words(best), series});
  }
  return table;
}

cli::Table findings_table(const Report& report) {
  cli::Table table({"SCORE", "CHANGED", "SHIFT", "DEVIATIONS", "R", "RHO", "Q", "LAG", "SERIES"});
  for (const Finding& finding : report.findings)
    table.add({score_words(finding.score), onset_words(finding, report.target.onset), shift_words(finding),
               card::number_words(finding.effect), card::number_words(finding.r), card::number_words(finding.rho),
               card::number_words(finding.q), signals::duration_text(finding.lag), finding.labels.text()});
  return table;
}

std::string events_text(const Report& report) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, report.events.size()); ++i) {
    const RankedEvent& ranked = report.events[i];
    const std::string apart = signals::duration_text(std::abs(ranked.before_onset));
    text += "  " + card::clock_words(ranked.event.at) + "  " + ranked.event.text + ", " + apart +
            (ranked.before_onset >= 0 ? " before" : " after") + " the best one changed";
    if (ranked.scope) text += "; " + cli::counted(ranked.scope, "label") + " in common";
    text += "\n";
  }
  if (text.empty()) return "";
  return "\nEvents (" + std::to_string(report.events.size()) + " in that hour)\n" + text;
}

}  // namespace

std::string report_text(const Report& report, bool everything, bool with_colours) {
  std::string text = cli::coloured(target_words(report), cli::Colour::bold, with_colours) + "\n";
  text += accounting_words(report) + "\n\n";
  text += cli::coloured(verdict_words(report), report.is_explained ? cli::Colour::green : cli::Colour::yellow,
                        with_colours) +
          "\n\n";
  if (everything) {
    text += findings_table(report).text(with_colours);
  } else {
    text += groups_table(report).text(with_colours);
    for (std::size_t g = 0; g < std::min(most_groups, report.groups.size()); ++g) {
      const std::string shared = shared_words(report.groups[g]);
      const std::string query = query_of(report.findings[report.groups[g].findings[0]]);
      text += "\n" + std::to_string(g + 1) + "  " +
              cli::coloured(cli::printable(query), cli::Colour::grey, with_colours) + "\n";
      if (!shared.empty()) text += "   " + cli::printable(shared) + "\n";
    }
    text += events_text(report);
  }
  if (!report.notes.empty()) text += "\n";
  for (const std::string& note : report.notes)
    text += cli::coloured("note: " + cli::printable(note), cli::Colour::grey, with_colours) + "\n";
  return text;
}

std::string why_text(const Report& report, const Labels& labels, std::size_t candidate) {
  std::string text = labels.text() + ": " + std::string(name_of(report.of_candidate[candidate])) + "\n";
  for (std::size_t place = 0; place < report.findings.size(); ++place) {
    const Finding& finding = report.findings[place];
    if (std::find(finding.members.begin(), finding.members.end(), candidate) == finding.members.end()) continue;
    text += "number " + std::to_string(place + 1) + " of " + std::to_string(report.findings.size()) + ", " +
            onset_words(finding, report.target.onset) + ", " + shift_words(finding) + "\n";
    cli::Table table({"PART", "POINTS", "WHY"});
    for (const Part& part : finding.parts) table.add({part.name, score_words(part.points), part.why});
    table.add({"sum", score_words(finding.score), ""});
    return text + table.text(false);
  }
  switch (report.of_candidate[candidate]) {
    case Outcome::set_aside: return text + "It is the target, a part of it, or an alert.\n";
    case Outcome::not_read: return text + "It could not be read, or the time was up.\n";
    case Outcome::insufficient:
      return text + "It has too few samples in the window, or steps that do not fit the target's.\n";
    case Outcome::flat: return text + "It never moves in the window.\n";
    case Outcome::unchanged: return text + "Its level does not change from the horizon before the target's onset on.\n";
    case Outcome::replaced:
      return text +
             "It came or went with its pod: what it is a part of was analysed, and is not among what is shown.\n";
    default:
      return text + "It is not among the best " + std::to_string(report.findings.size()) +
             ": --all shows those, --most raises their number.\n";
  }
}

}  // namespace backlot::signals::app
