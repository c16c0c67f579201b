#include "backlot/signals/report_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "backlot/signals/time_text.h"

namespace backlot::signals {
namespace {

using OrderedJson = nlohmann::ordered_json;

double seconds_of(Nanos duration) { return static_cast<double>(duration) / static_cast<double>(second); }

OrderedJson json_of(const Labels& labels) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [name, value] : labels.pairs()) json[name] = value;
  return json;
}

OrderedJson json_of(const Onset& onset) {
  return {{"at", time_text(onset.at)}, {"low", time_text(onset.low)}, {"high", time_text(onset.high)}};
}

OrderedJson chart_of(const Samples& samples) {
  OrderedJson values = OrderedJson::array();
  for (double value : samples.values) values.push_back(std::isnan(value) ? OrderedJson() : OrderedJson(value));
  return {{"start", time_text(samples.grid.start)},
          {"step_seconds", seconds_of(samples.grid.step)},
          {"values", std::move(values)}};
}

std::string word_of(Outcome outcome) {
  std::string word(name_of(outcome));
  for (char& c : word)
    if (c == ' ') c = '_';
  return word;
}

OrderedJson json_of(const Finding& finding, bool with_charts) {
  OrderedJson json{{"series", finding.labels.text()},
                   {"labels", json_of(finding.labels)},
                   {"score", finding.score},
                   {"parts", OrderedJson::array()},
                   {"outcome", word_of(finding.outcome)},
                   {"happening", name_of(finding.happening)},
                   {"onset", json_of(finding.onset)},
                   {"before", finding.before},
                   {"after", finding.after},
                   {"effect", finding.effect},
                   {"p", std::isnan(finding.p) ? OrderedJson() : OrderedJson(finding.p)},
                   {"q", std::isnan(finding.q) ? OrderedJson() : OrderedJson(finding.q)},
                   {"rho", finding.rho},
                   {"r", finding.r},
                   {"lag_seconds", seconds_of(finding.lag)},
                   {"step_seconds", seconds_of(finding.step)}};
  for (const Part& part : finding.parts)
    json["parts"].push_back({{"name", part.name}, {"points", part.points}, {"why", part.why}});
  if (finding.is_rate) json["is_rate"] = true;
  if (finding.is_replaced) json["members"] = finding.members.size();
  if (finding.is_same) json["same_by_definition"] = true;
  json["deseasonalised"] = finding.is_deseasoned;
  if (with_charts) json["chart"] = chart_of(finding.chart);
  return json;
}

OrderedJson json_of(const Group& group) {
  OrderedJson json{{"findings", group.findings}, {"shared", OrderedJson::array()}};
  for (const Shared& shared : group.shared)
    json["shared"].push_back({{"label", shared.label},
                              {"value", shared.value},
                              {"count", shared.count},
                              {"of", shared.of},
                              {"base_share", shared.base}});
  return json;
}

OrderedJson json_of(const RankedEvent& ranked) {
  return {{"at", time_text(ranked.event.at)},
          {"text", ranked.event.text},
          {"labels", json_of(ranked.event.labels)},
          {"seconds_before_onset", seconds_of(ranked.before_onset)},
          {"shared_labels", ranked.scope}};
}

}  // namespace

std::string to_json(const Report& report, int indent, bool with_charts) {
  OrderedJson json{{"schema", "backlot.signals.report/1"},
                   {"window", {{"begin", time_text(report.window.begin)}, {"end", time_text(report.window.end)}}}};
  const Report::TargetChange& target = report.target;
  json["target"] = {{"series", target.labels.text()},
                    {"labels", json_of(target.labels)},
                    {"onset", json_of(target.onset)},
                    {"is_clear", target.is_clear},
                    {"happening", name_of(target.happening)},
                    {"before", target.before},
                    {"after", target.after},
                    {"effect", target.effect},
                    {"deseasonalised", target.is_deseasoned}};
  if (with_charts) json["target"]["chart"] = chart_of(target.chart);
  json["candidates"] = report.candidates;
  OrderedJson outcomes = OrderedJson::object();
  for (int i = 0; i < outcome_count; ++i)
    outcomes[word_of(static_cast<Outcome>(i))] = report.outcomes[static_cast<std::size_t>(i)];
  json["outcomes"] = std::move(outcomes);
  json["is_explained"] = report.is_explained;
  json["as_good_at_other_moments"] = report.chance;
  json["findings"] = OrderedJson::array();
  for (const Finding& finding : report.findings) json["findings"].push_back(json_of(finding, with_charts));
  json["groups"] = OrderedJson::array();
  for (const Group& group : report.groups) json["groups"].push_back(json_of(group));
  json["events"] = OrderedJson::array();
  for (const RankedEvent& event : report.events) json["events"].push_back(json_of(event));
  json["notes"] = report.notes;
  return json.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string outcomes_as_json_lines(const Report& report, const SeriesSource& source) {
  std::string lines;
  for (std::size_t i = 0; i < report.of_candidate.size(); ++i) {
    const OrderedJson line{{"series", source.labels(i).text()}, {"outcome", word_of(report.of_candidate[i])}};
    (lines += line.dump(-1, ' ', false, OrderedJson::error_handler_t::replace)) += '\n';
  }
  return lines;
}

}  // namespace backlot::signals
