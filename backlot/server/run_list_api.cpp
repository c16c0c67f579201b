// Flows, runs, and the grid of a flow.
#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "backlot/base/ascii.h"
#include "backlot/server/api.h"
#include "backlot/server/live.h"
#include "backlot/server/sorting.h"
#include "backlot/server/time_query.h"
#include "backlot/value/to_json.h"
#include "backlot/verbs/json_of.h"

namespace backlot::server {
namespace {

using client::Client;
using client::Run;

constexpr std::size_t most_runs = 500;
constexpr std::size_t most_recent = 12;         ///< runs of each flow in the list of flows
constexpr std::size_t most_looked_at = 50'000;  ///< runs, for filters that the catalog does not know

/// What is asked of a run beyond what the catalog filters by.
struct Wanted {
  std::string text;  ///< lower case; found in any text of the run's row
  Micros since = 0, until = 0;
  std::string parameter, value;
  bool only_lost = false, only_living = false;

  bool fits(const Run& run) const {
    const RunRow& row = run.row();
    if (since && row.created < since) return false;
    if (until && row.created >= until) return false;
    if (only_lost && run.status() != client::RunStatus::lost) return false;
    if (only_living && run.status() != client::RunStatus::running) return false;
    if (!text.empty() && !finds_text(row)) return false;
    return parameter.empty() || has_parameter(run);
  }

 private:
  bool finds_text(const RunRow& row) const {
    auto has = [&](const std::string& s) { return lower_case(s).find(text) != std::string::npos; };
    return has(address(row)) || has(row.user) || has(row.host) || has(row.project) || has(row.branch) ||
           has(row.failure) || std::any_of(row.tags.begin(), row.tags.end(), has) ||
           std::any_of(row.system_tags.begin(), row.system_tags.end(), has);
  }
  bool has_parameter(const Run& run) const {
    for (const client::Artifact& p : run.parameters()) {
      if (p.name() != parameter) continue;
      if (value.empty()) return true;
      try {
        std::string json = p.json();
        return json == value || json == Json(value).dump();
      } catch (const Error&) { return false; }  // its bytes are missing: that is said on the run's page
    }
    return false;
  }
};

RunFilter filter_of(const Request& request, Wanted& wanted) {
  RunFilter filter;
  filter.flow = request.text("flow");
  filter.user = request.text("user");
  filter.tag = request.text("tag");
  filter.project = request.text("project");
  filter.before_key = RunKey(request.number("before", 0, 1, INT64_MAX));
  if (std::string state = request.text("state"); !state.empty()) {
    for (RunState s : {RunState::running, RunState::done, RunState::failed, RunState::cancelled})
      if (state == name_of(s)) filter.state = s;
    wanted.only_lost = state == client::name_of(client::RunStatus::lost);
    wanted.only_living = filter.state == RunState::running;
    if (wanted.only_lost) filter.state = RunState::running;
    if (!filter.state) {
      throw Error(ErrorCode::usage, "there is no state \"" + state + "\"", "running, done, failed, cancelled or lost");
    }
  }
  wanted.text = lower_case(request.text("q"));
  wanted.since = time_of(request, "since");
  wanted.until = time_of(request, "until");
  std::string parameter = request.text("parameter");
  wanted.parameter = parameter.substr(0, parameter.find(':'));
  if (parameter.size() > wanted.parameter.size()) wanted.value = parameter.substr(wanted.parameter.size() + 1);
  return filter;
}

/// What a run is sorted by; null where it is not known.
Json key_of(const Run& run, const std::string& by, Micros now) {
  const RunRow& row = run.row();
  if (by == "state") return client::name_of(run.status());
  if (by == "run") return address(row);
  if (by == "tasks") return row.tasks;
  if (by == "failed") return row.tasks_failed;
  if (by == "user") return row.user.empty() ? Json() : Json(row.user);
  if (by == "started") return row.created;
  const Micros end = row.ended ? row.ended : run.status() == client::RunStatus::lost ? row.heartbeat : now;
  return end - row.created;
}

/// Of all that fit, as far as they are looked at: `before` says how many came before this page.
Json sorted_runs(const Request& request, Client& client, const Sorting& sorting, RunFilter filter,
                 const Wanted& wanted) {
  const auto limit = static_cast<std::size_t>(request.number("limit", 100, 1, 10'000));
  const auto skip = std::exchange(filter.before_key, no_run).index();
  const Micros now = client.now();
  std::vector<Run> found;
  std::vector<Json> keys;
  filter.limit = most_runs;
  for (std::size_t looked_at = 0; looked_at < most_looked_at; looked_at += most_runs) {
    std::vector<Run> page = client.runs(filter);
    for (Run& run : page) {
      filter.before_key = run.key();
      if (!wanted.fits(run)) continue;
      keys.push_back(key_of(run, sorting.by, now));
      found.push_back(std::move(run));
    }
    if (page.size() < most_runs) break;
  }
  const std::vector<std::size_t> order = sorted_indices(keys, sorting.descending);
  Json json{{"runs", Json::array()}};
  const std::size_t end = std::min(order.size(), skip + limit);
  for (std::size_t i = skip; i < end; ++i) json["runs"].push_back(json_of_run(found[order[i]]));
  if (end < order.size()) json["before"] = end;
  return json;
}

Response list_runs(const Request& request, Client& client, const Live& live) {
  Wanted wanted;
  RunFilter filter = filter_of(request, wanted);
  const auto limit = static_cast<std::size_t>(request.number("limit", 100, 1, 10'000));
  // Before the rows: what changes in between comes once more with the stream.
  const std::string cursor = live.runs_cursor();
  if (Sorting by = sorting_of(request, {"state", "run", "tasks", "failed", "started", "took", "user"})) {
    Json json = sorted_runs(request, client, by, std::move(filter), wanted);
    json["cursor"] = cursor;
    return answer(json);
  }
  Json runs = Json::array();
  std::size_t looked_at = 0;
  std::optional<RunKey> before;
  for (bool more = true; more && !before;) {
    filter.limit = std::max(most_runs, limit + 1 - runs.size());
    std::vector<Run> page = client.runs(filter);
    more = page.size() == filter.limit;
    for (const Run& run : page) {
      if (runs.size() == limit || looked_at == most_looked_at) {
        before = filter.before_key;
        break;
      }
      ++looked_at;
      filter.before_key = run.key();
      if (wanted.fits(run)) runs.push_back(json_of_run(run));
    }
  }
  Json json{{"runs", std::move(runs)}};
  if (before) json["before"] = before->value();
  json["cursor"] = cursor;
  return answer(json);
}

Response list_flows(const Request&, Client& client) {
  Json flows = Json::array();
  for (const client::Flow& flow : client.flows()) {
    std::vector<Run> newest = flow.runs(most_recent);
    if (newest.empty()) continue;
    Json recent = Json::array();
    for (const Run& run : newest)
      recent.push_back({{"run", run.row().run_id}, {"state", client::name_of(run.status())}});
    flows.push_back({{"flow", flow.name()},
                     {"runs", flow.run_count()},
                     {"last", json_of_run(newest[0])},
                     {"recent", std::move(recent)}});
  }
  return answer({{"flows", std::move(flows)}});
}

Json cell_of(const client::Step& step) {
  const StepRow& row = step.row();
  Json cell{{"tasks", row.tasks}, {"done", row.done}, {"failed", row.failed}, {"running", row.running}};
  if (row.first_started && row.last_ended)
    cell["seconds"] = static_cast<double>(row.last_ended - row.first_started) / 1e6;
  return cell;
}

Response grid(const Request& request, Client& client) {
  client::Flow flow = client.flow(request.parts.at("flow"));
  std::vector<Run> runs = flow.runs(static_cast<std::size_t>(request.number("limit", 40, 1, 200)));
  std::vector<std::string> names;
  auto row_of = [&](const std::string& step) {
    auto at = std::find(names.begin(), names.end(), step);
    if (at == names.end()) at = names.insert(names.end(), step);
    return static_cast<std::size_t>(at - names.begin());
  };
  if (!runs.empty()) {
    for (const Node& node : runs[0].graph().nodes)
      if (is_task(node.kind)) row_of(node.name);
  }
  Json columns = Json::array();
  for (const Run& run : runs) {
    Json cells = Json::array();
    for (const client::Step& step : run.steps()) {
      std::size_t row = row_of(step.name());
      while (cells.size() <= row) cells.push_back(nullptr);
      cells[row] = cell_of(step);
    }
    columns.push_back({{"run", json_of_run(run)}, {"cells", std::move(cells)}});
  }
  for (Json& column : columns)
    while (column["cells"].size() < names.size()) column["cells"].push_back(nullptr);
  return answer({{"flow", flow.name()}, {"steps", names}, {"runs", std::move(columns)}});
}

}  // namespace

std::vector<Route> run_list_routes(const Live& live) {
  return {{"GET", "/api/v1/flows", Role::reader, list_flows},
          {"GET", "/api/v1/flows/{flow}/grid", Role::reader, grid},
          {"GET", "/api/v1/runs", Role::reader,
           [&live](const Request& request, Client& client) { return list_runs(request, client, live); }}};
}

}  // namespace backlot::server
