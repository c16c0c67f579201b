// What the server and the console show of investigations: openapi.json beside this file is the contract.
#include "backlot/server/module.h"

#include <nlohmann/json.hpp>

#include "apps/signals/routes/kept_reports.h"
#include "backlot/server/api.h"

namespace backlot::server {

Module signals_module();

namespace {

using client::Client;
using client::Run;
using signals::app::KeptReport;

KeptReport report_of(const Run& run) {
  if (auto kept = signals::app::kept_report(run)) return std::move(*kept);
  throw Error(ErrorCode::not_found, run.pathspec() + " has left no report: it " + std::string(name_of(run.status())),
              "see `backlot show " + run.pathspec() + "`");
}

Json address_of(const KeptReport& kept) {
  const Pathspec task = Pathspec::parse(kept.report.task());
  return {{"flow", kept.run.row().flow},
          {"run", kept.run.row().run_id},
          {"task", std::get<std::int64_t>(*task.task)},
          {"has_page", kept.page.has_value()}};
}

/// Investigations that have left a report, newest first; those that go on or failed are in the list of runs.
Response list(const Request& request, Client& client) {
  const auto limit = static_cast<std::size_t>(request.number("limit", 20, 1, 100));
  RunFilter filter;
  filter.flow = "Investigate";
  filter.before_key = RunKey(request.number("before", 0, 1, INT64_MAX));
  filter.limit = limit + 1;
  std::vector<Run> runs = client.runs(filter);
  Json json{{"reports", Json::array()}};
  if (runs.size() > limit) {
    runs.pop_back();
    json["before"] = runs.back().key().value();
  }
  for (const Run& run : runs) {
    Json line{{"pathspec", run.pathspec()}, {"created", rfc3339(run.row().created)}};
    if (!run.row().user.empty()) line["user"] = run.row().user;
    try {
      auto kept = signals::app::kept_report(run);
      if (!kept) continue;
      line.update(address_of(*kept));
      line.update(signals::app::summary_of(*kept));
    } catch (const Error& e) { line["trouble"] = json_of_trouble(e); }
    json["reports"].push_back(std::move(line));
  }
  return answer(json);
}

Response show(const Request& request, Client& client) {
  const KeptReport kept = report_of(run_of(request, client));
  Json json = address_of(kept);
  json["pathspec"] = kept.run.pathspec();
  json["created"] = rfc3339(kept.run.row().created);
  json["report"] = signals::app::json_of(kept);
  return answer(json);
}

Response compare(const Request& request, Client& client) {
  const KeptReport a = report_of(client.run(Pathspec::parse(request.text("a"))));
  const KeptReport b = report_of(client.run(Pathspec::parse(request.text("b"))));
  const Json in_a = signals::app::json_of(a), in_b = signals::app::json_of(b);
  auto side = [](const KeptReport& kept) {
    Json json = address_of(kept);
    json["pathspec"] = kept.run.pathspec();
    json["created"] = rfc3339(kept.run.row().created);
    json.update(signals::app::summary_of(kept));
    return json;
  };
  return answer({{"a", side(a)}, {"b", side(b)}, {"series", signals::app::comparison_of(in_a, in_b)}});
}

}  // namespace

Module signals_module() {
  return {"signals",
          {{"GET", "/api/v1/signals/reports", Role::reader, list, Work::long_},
           {"GET", "/api/v1/signals/reports/{flow}/{run}", Role::reader, show, Work::long_},
           {"GET", "/api/v1/signals/compare", Role::reader, compare, Work::long_}}};
}

}  // namespace backlot::server
