#include "apps/signals/routes/kept_reports.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace backlot::signals::app {
namespace {

constexpr const char* flow = "Investigate";
constexpr std::size_t best = 3;

/// Where a finding stands in a report, best first from 1.
struct Standing {
  std::size_t place = 0;
  double score = 0;
};

std::map<std::string, Standing> standings_of(const Json& report) {
  std::map<std::string, Standing> found;
  for (const Json& finding : report.at("findings"))
    found.try_emplace(finding.at("series"), Standing{found.size() + 1, finding.at("score")});
  return found;
}

Json side_of(const std::map<std::string, Standing>& standings, const std::string& series) {
  auto at = standings.find(series);
  if (at == standings.end()) return nullptr;
  return {{"place", at->second.place}, {"score", at->second.score}};
}

}  // namespace

std::optional<KeptReport> kept_report(const client::Run& run) {
  if (run.row().flow != flow)
    throw Error(ErrorCode::usage, run.pathspec() + " is no investigation",
                std::string("name a run of the flow ") + flow);
  for (const client::Step& step : run.steps()) {
    if (step.name() != "conclude" || step.row().done == 0) continue;
    const client::Task task = step.only_task();
    if (auto report = task.find("report")) return KeptReport{run, *report, task.find("page")};
  }
  return std::nullopt;
}

Json json_of(const KeptReport& kept) {
  Json json = Json::parse(kept.report.as<std::string>(), nullptr, false);
  if (json.is_object() && json.contains("findings") && json.contains("target")) return json;
  throw Error(ErrorCode::corrupt, kept.report.pathspec() + " is no report", "run the investigation again");
}

Json summary_of(const KeptReport& kept) {
  const Json report = json_of(kept);
  Json json{{"target", report.at("target").at("series")},
            {"onset", report.at("target").at("onset").at("at")},
            {"is_explained", report.at("is_explained")},
            {"candidates", report.at("candidates")},
            {"findings", Json::array()}};
  for (const Json& finding : report.at("findings")) {
    if (json["findings"].size() == best) break;
    json["findings"].push_back({{"series", finding.at("series")}, {"score", finding.at("score")}});
  }
  return json;
}

Json comparison_of(const Json& a, const Json& b) {
  const auto in_a = standings_of(a), in_b = standings_of(b);
  std::map<std::string, Standing> all = in_b;
  for (const auto& [series, standing] : in_a) all.insert_or_assign(series, standing);
  std::vector<std::string> order;
  for (const auto& [series, standing] : all) order.push_back(series);
  auto rank = [&](const std::string& series) {
    const bool is_in_a = in_a.contains(series), is_in_both = is_in_a && in_b.contains(series);
    return std::tuple(!is_in_both, !is_in_a, all.at(series).place);
  };
  std::sort(order.begin(), order.end(), [&](auto& x, auto& y) { return rank(x) < rank(y); });
  Json list = Json::array();
  for (const std::string& series : order)
    list.push_back({{"series", series}, {"a", side_of(in_a, series)}, {"b", side_of(in_b, series)}});
  return list;
}

}  // namespace backlot::signals::app
