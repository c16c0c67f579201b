#include "apps/signals/report_page.h"

#include <algorithm>
#include <cstdio>

#include "apps/signals/report_words.h"
#include "backlot/card/html.h"
#include "backlot/card/line_chart.h"
#include "backlot/card/page.h"
#include "backlot/card/words.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals::app {

using namespace card;

namespace {

constexpr std::size_t most_groups = 5;

constexpr std::string_view style = R"(
:root { --target: #d9822b55; --own: #2458b344; }
@media (prefers-color-scheme: dark) { :root { --target: #d9822b66; --own: #7fb0ff44; } }
.verdict { font-weight: 600; margin: 1rem 0; color: var(--doubt); }
.verdict.good { color: var(--good); }
svg .target { fill: var(--target); } svg .own { fill: var(--own); }
.key { display: inline-block; width: .75rem; height: .75rem; border-radius: .125rem; vertical-align: -1px; }
)";

std::string points(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

/// Of samples over a window, with the target's onset and the series' own.
std::string chart(const Samples& samples, Window window, const Onset& target, const std::optional<Onset>& own) {
  std::vector<LineChart::Band> bands{{"target", target.low, target.high}};
  if (own) bands.push_back({"own", own->low, own->high});
  return svg_of(
      LineChart{samples.values, samples.grid.start, samples.grid.step, window.begin, window.end, std::move(bands)});
}

/// The hours around the onset: in a whole day nothing of it could be seen.
Window near(const Report& report) {
  return {std::max(report.window.begin, report.target.onset.at - 3 * hour),
          std::min(report.window.end, report.target.onset.at + 3 * hour)};
}

std::string parts_table(const Finding& finding) {
  std::string rows;
  for (const Part& part : finding.parts)
    rows += "<tr><td>" + escaped(part.name) + "</td><td class=\"number\">" + points(part.points) + "</td><td>" +
            escaped(part.why) + "</td></tr>";
  return "<table><thead><tr><th>Part</th><th class=\"number\">Points</th><th>Why</th></tr></thead><tbody>" + rows +
         "</tbody></table>";
}

std::string findings_table(const Report& report, const std::vector<std::size_t>& findings) {
  std::string rows;
  for (std::size_t i : findings) {
    const Finding& f = report.findings[i];
    rows += "<tr><td class=\"number\">" + points(f.score) + "</td><td>" + escaped(onset_words(f, report.target.onset)) +
            "</td><td>" + escaped(shift_words(f)) + "</td><td><code>" + escaped(f.labels.text()) + "</code></td></tr>";
  }
  return "<div class=\"wide\"><table><thead><tr><th "
         "class=\"number\">Score</th><th>Changed</th><th>Shift</th><th>Series</th></tr></thead><tbody>" +
         rows + "</tbody></table></div>";
}

std::string group_section(const Report& report, std::size_t number) {
  const Group& group = report.groups[number];
  const Finding& best = report.findings[group.findings[0]];
  std::string html = "<section><h2>" + std::to_string(number + 1) + ". " + escaped(best.labels.text()) + "</h2>";
  html += "<p>changed " + escaped(onset_words(best, report.target.onset)) + ", " + escaped(shift_words(best)) +
          " <span class=\"soft\">(" + number_words(best.effect) + " deviations; score " + points(best.score) +
          (best.is_deseasoned ? "" : "; not deseasonalised") + ")</span></p>";
  const std::string shared = shared_words(group);
  if (!shared.empty()) html += "<p class=\"soft\">" + escaped(shared) + "</p>";
  html += chart(best.chart, near(report), report.target.onset, best.onset);
  html += "<pre>" + escaped(query_of(best)) + "</pre>";
  html += "<details><summary>The parts of its score</summary>" + parts_table(best) + "</details>";
  if (group.findings.size() > 1)
    html += "<details><summary>All " + std::to_string(group.findings.size()) + " that changed with it</summary>" +
            findings_table(report, group.findings) + "</details>";
  return html + "</section>";
}

std::string events_section(const Report& report) {
  if (report.events.empty()) return "";
  std::string rows;
  for (const RankedEvent& ranked : report.events) {
    const std::string apart =
        signals::duration_text(std::abs(ranked.before_onset)) + (ranked.before_onset >= 0 ? " before" : " after");
    rows += "<tr><td>" + clock_words(ranked.event.at) + "</td><td>" + escaped(ranked.event.text) + "</td><td>" + apart +
            "</td><td class=\"number\">" + std::to_string(ranked.scope) + "</td></tr>";
  }
  return "<section><h2>Events around the best one's onset</h2><div "
         "class=\"wide\"><table><thead><tr><th>At</th><th>Event</th><th>Apart</th><th class=\"number\">Labels in "
         "common</th></tr></thead><tbody>" +
         rows + "</tbody></table></div></section>";
}

}  // namespace

std::string report_page(const Report& report) {
  std::string html = "<h1>" + escaped(target_words(report)) + "</h1>";
  html += "<p class=\"soft\">" + escaped(accounting_words(report)) + "</p>";
  html += std::string("<p class=\"verdict") + (report.is_explained ? " good" : "") + "\">" +
          escaped(verdict_words(report)) + "</p>";
  html +=
      "<section><h2>The target</h2>" + chart(report.target.chart, report.window, report.target.onset, std::nullopt) +
      chart(report.target.chart, near(report), report.target.onset, std::nullopt) +
      "<p class=\"soft\"><span class=\"key\" style=\"background: var(--target)\"></span> when the target changed "
      "&nbsp; <span class=\"key\" style=\"background: var(--own)\"></span> when the series below it did</p></section>";
  for (std::size_t g = 0; g < std::min(most_groups, report.groups.size()); ++g) html += group_section(report, g);
  html += events_section(report);
  if (!report.findings.empty()) {
    std::vector<std::size_t> all(report.findings.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    html += "<section><details><summary>All " + std::to_string(all.size()) + " that are shown, by score</summary>" +
            findings_table(report, all) + "</details></section>";
  }
  for (const std::string& note : report.notes) html += "<p class=\"soft\">Note: " + escaped(note) + "</p>";
  return html_of(Page{report.target.labels.text(), style, html});
}

}  // namespace backlot::signals::app
