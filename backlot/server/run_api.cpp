// One run: its steps, graph and failures; and two compared.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "backlot/client/ways.h"
#include "backlot/server/api.h"
#include "backlot/server/critical_path.h"
#include "backlot/server/expected_tasks.h"
#include "backlot/server/graph_layout.h"
#include "backlot/value/to_json.h"
#include "backlot/value/utf8.h"
#include "backlot/verbs/diff.h"
#include "backlot/verbs/json_of.h"

namespace backlot::server {
namespace {

using client::Client;
using client::Run;

constexpr std::size_t most_failure_groups = 50;
constexpr std::size_t most_differences = 1000;
constexpr std::size_t most_shown_bytes = 200;

Json json_of_graph(const Graph& graph) {
  Json nodes = Json::array(), edges = Json::array();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    nodes.push_back({{"id", i}, {"name", graph.nodes[i].name}, {"kind", name_of(graph.nodes[i].kind)}});
  for (const Edge& e : graph.edges) {
    edges.push_back({{"from", e.from}, {"to", e.to}});
    if (!e.label.empty()) edges.back()["label"] = e.label;
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

/// "KeyError at features.py:41", "out of memory".
std::string heading_of(const Failure& failure) {
  bool is_exception = failure.kind == FailureKind::exception && !failure.type.empty();
  std::string text = is_exception ? failure.type : describe(failure);
  return failure.place.empty() ? text : text + " at " + failure.place;
}

Json json_of_group(const FailureGroup& group, const Run& run, Catalog& catalog) {
  Json json{{"count", group.tasks}};
  auto task = catalog.task(run.key(), group.first_task);
  std::vector<AttemptRow> attempts = catalog.attempts(run.key(), group.first_task);
  if (!task || attempts.empty()) return json;
  Failure failure;
  failure.kind = FailureKind::lost;
  if (!attempts.back().manifest.empty()) {
    if (auto told = decode_manifest(attempts.back().manifest).failure) failure = *told;
  }
  json["text"] = heading_of(failure);
  json["kind"] = name_of(failure.kind);
  json["message"] = failure.message;
  Json link = link_to(*task);
  link.erase("state");
  json.update(link);
  json["attempt"] = attempts.back().attempt;
  if (attempts.back().log.first_error >= 0) json["first_error"] = attempts.back().log.first_error;
  return json;
}

Json json_of_failures(const Run& run, Catalog& catalog) {
  Json list = Json::array();
  if (!run.row().tasks_failed) return list;
  for (const FailureGroup& group : catalog.failures(run.key(), most_failure_groups))
    list.push_back(json_of_group(group, run, catalog));
  return list;
}

/// How to go on with a run that did not come to its end.
Json resumption(const Run& run) {
  Json steps = Json::array();
  for (const client::Step& step : run.steps()) steps.push_back(step.name());
  return {{"command", "backlot rerun " + run.pathspec() + " --failed"}, {"steps", std::move(steps)}};
}

Response show(const Request& request, Client& client) {
  const Run run = run_of(request, client);
  Catalog& catalog = *client.connection()->catalog;
  Json json = json_of_run(run, client);
  json["parameters"] = Json::array();
  for (const client::Artifact& p : run.parameters()) json["parameters"].push_back(verbs::json_of_parameter(p));
  json["steps"] = json_of_steps(run, expected_tasks(run, catalog));
  json["graph"] = json_of_graph(run.graph());
  json["failures"] = json_of_failures(run, catalog);
  json["waiting"] = json_of_waiting(run, client);
  json["critical_path"] = Json::array();
  if (run.row().ended) {
    for (const CriticalTask& t : critical_path(run, catalog))
      json["critical_path"].push_back({{"step", t.step}, {"task", t.number}, {"seconds", t.seconds}});
  }
  json["metadata"] = verbs::json_of(run.metadata());
  json["requests"] = Json::array();
  for (const backlot::Request& r : catalog.requests(run.key())) {
    json["requests"].push_back(
        {{"kind", r.kind}, {"argument", r.argument}, {"user", r.user}, {"time", rfc3339(r.time)}});
  }
  client::RunStatus status = run.status();
  if (status != client::RunStatus::done && status != client::RunStatus::running) json["resume"] = resumption(run);
  return answer(json);
}

Response layout(const Request& request, Client& client) {
  const Run run = run_of(request, client);
  return Response::json(layout_of(run.graph(), client.connection()->catalog->graph(run.key())));
}

// --- compare ------------------------------------------------------------------------------------------------------

/// The beginning of a small value, for people; of a large one nothing is loaded.
std::string shown(const Reference& value, Client& client) {
  constexpr std::uint64_t most_loaded = 64 << 10;
  if (value.size > most_loaded) return std::string(name_of(value.type));
  ValueLoader loader(*client.connection()->store);
  std::string text = to_json(value, loader, {.tensor_elements = 20});
  if (text.size() <= most_shown_bytes) return text;
  return std::string(utf8_prefix(text, most_shown_bytes)) + "…";
}

Json side_of(const std::optional<Reference>& value, Client& client) {
  if (!value) return nullptr;
  return {{"type", name_of(value->type)},
          {"size", value->size},
          {"identity", value->identity().hex()},
          {"shown", shown(*value, client)}};
}

Json json_of_difference(const verbs::ValueDifference& d, Client& client) {
  Json json;
  if (!d.place.empty()) json["task"] = d.place;
  json["name"] = d.name;
  json["same"] = d.a && d.b && d.a->same_value(*d.b);
  json["a"] = side_of(d.a, client);
  json["b"] = side_of(d.b, client);
  return json;
}

/// All parameters of both runs, also those that are equal.
Json json_of_parameters(const Run& a, const Run& b, Client& client) {
  Catalog& catalog = *client.connection()->catalog;
  std::map<std::string, verbs::ValueDifference> all;
  for (NamedReference& p : catalog.parameters(a.key())) all[p.name].a = std::move(p.value);
  for (NamedReference& p : catalog.parameters(b.key())) all[p.name].b = std::move(p.value);
  Json list = Json::array();
  for (auto& [name, difference] : all) {
    difference.name = name;
    list.push_back(json_of_difference(difference, client));
  }
  return list;
}

Pathspec compared(const Request& request, const char* name) {
  Pathspec spec = Pathspec::parse(request.text(name));
  if (!spec.run || !spec.step.empty())
    throw Error(ErrorCode::usage, std::string(name) + " must be a run", "such as ?a=MovieStats/7&b=MovieStats/8");
  return spec;
}

Response compare(const Request& request, Client& client) {
  Pathspec spec_a = compared(request, "a"), spec_b = compared(request, "b");
  Run a = client.run(spec_a), b = client.run(spec_b);
  verbs::RunDifference d = verbs::diff(client, spec_a, spec_b);
  Json artifacts = Json::array(), steps = Json::array();
  for (std::size_t i = 0; i < std::min(d.artifacts.size(), most_differences); ++i)
    artifacts.push_back(json_of_difference(d.artifacts[i], client));
  auto side = [](std::int64_t tasks, Micros busy) {
    return Json{{"tasks", tasks}, {"seconds", static_cast<double>(busy) / 1e6}};
  };
  for (const verbs::StepTime& s : d.steps)
    steps.push_back({{"step", s.step}, {"a", side(s.a_tasks, s.a_busy)}, {"b", side(s.b_tasks, s.b_busy)}});
  return answer({{"a", json_of_run(a, client)},
                 {"b", json_of_run(b, client)},
                 {"a_seconds", static_cast<double>(d.a_time) / 1e6},
                 {"b_seconds", static_cast<double>(d.b_time) / 1e6},
                 {"parameters", json_of_parameters(a, b, client)},
                 {"artifacts", artifacts},
                 {"artifacts_more", d.artifacts.size() - artifacts.size()},
                 {"same_artifacts", d.same_artifacts},
                 {"steps", std::move(steps)}});
}

}  // namespace

std::vector<Route> run_routes() {
  return {{"GET", "/api/v1/runs/{flow}/{run}", Role::reader, show},
          {"GET", "/api/v1/runs/{flow}/{run}/layout", Role::reader, layout, Work::long_},
          {"GET", "/api/v1/compare", Role::reader, compare, Work::long_}};
}

}  // namespace backlot::server
