// One run: its steps, graph and failures; and two compared.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "backlot/server/api.h"
#include "backlot/server/critical_path.h"
#include "backlot/value/to_json.h"
#include "backlot/value/utf8.h"
#include "backlot/verbs/diff.h"
#include "backlot/verbs/failures.h"
#include "backlot/verbs/json_of.h"

namespace backlot::server {
namespace {

using client::Client;
using client::Run;

constexpr std::size_t most_differences = 1000;
constexpr std::size_t most_shown_bytes = 400;

Json json_of_graph(const Graph& graph) {
  Json nodes = Json::array(), edges = Json::array();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    nodes.push_back({{"id", i}, {"name", graph.nodes[i].name}, {"kind", name_of(graph.nodes[i].kind)}});
  for (const Edge& e : graph.edges) {
    edges.push_back({{"from", e.from.value()}, {"to", e.to.value()}});
    if (!e.label.empty()) edges.back()["label"] = e.label;
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

Json json_of_kind(const verbs::FailureKindSeen& seen) {
  Json json{{"count", seen.tasks},
            {"text", verbs::heading_of(seen.failure)},
            {"kind", name_of(seen.failure.kind)},
            {"message", seen.failure.message}};
  Json link = link_to(seen.first.row());
  link.erase("state");
  json.update(link);
  json["attempt"] = seen.attempt.attempt;
  if (seen.attempt.log.first_error >= 0) json["first_error"] = seen.attempt.log.first_error;
  if (seen.whole_message) json["whole_message"] = true;
  return json;
}

void put_failures(Json& json, const Run& run) {
  json["failures"] = Json::array();
  if (!run.row().tasks_failed) return;
  verbs::FailuresSeen seen = verbs::failures_of(run);
  for (const verbs::FailureKindSeen& kind : seen.kinds) json["failures"].push_back(json_of_kind(kind));
  if (seen.more_tasks) json["failures_more"] = {{"groups", seen.more_kinds}, {"tasks", seen.more_tasks}};
}

/// How to go on with a run that did not come to its end.
Json resumption(const Run& run) {
  Json steps = Json::array();
  for (const client::Step& step : run.steps()) steps.push_back(step.name());
  return {{"command", "backlot rerun " + run.pathspec() + " --failed"}, {"steps", std::move(steps)}};
}

Json json_of_parameter(const client::Artifact& parameter) {
  Json json = verbs::json_of(parameter);
  ValueLoader loader(parameter.blobs());
  json["value"] = nullptr;
  try {
    json["value"] = Json::parse(to_json(parameter.reference(), loader, {.tagged = true}), nullptr, false);
  } catch (const Error& e) { json["trouble"] = json_of_trouble(e); }
  return json;
}

Response show_run(const Request& request, Client& client) {
  const Run run = run_of(request, client);
  Json json = json_of_run(run);
  for (const char* list : {"parameters", "steps", "failures", "waiting", "critical_path", "metadata", "requests"})
    json[list] = Json::array();
  json["graph"] = {{"nodes", Json::array()}, {"edges", Json::array()}, {"digest", ""}};
  put_part(json, "parameters", [&] {
    for (const client::Artifact& p : run.parameters()) json["parameters"].push_back(json_of_parameter(p));
  });
  put_part(json, "steps", [&] {
    ExpectedTasks expected = expected_tasks(run);
    json["steps"] = json_of_steps(run, expected);
    json["waiting"] = json_of_waiting(run, expected);
  });
  put_part(json, "graph", [&] {
    json["graph"] = json_of_graph(run.graph());
    json["graph"]["digest"] = run.graph_digest().hex();
  });
  put_part(json, "failures", [&] { put_failures(json, run); });
  put_part(json, "critical_path", [&] {
    if (!run.row().ended) return;
    for (const CriticalTask& t : critical_path(run))
      json["critical_path"].push_back({{"step", t.step}, {"task", t.number}, {"seconds", t.seconds}});
  });
  json["metadata"] = verbs::json_of(run.metadata());
  for (const backlot::ControlRequest& r : run.requests()) {
    json["requests"].push_back(
        {{"kind", r.kind}, {"argument", r.argument}, {"user", r.user}, {"time", rfc3339(r.time)}});
  }
  client::RunStatus status = run.status();
  if (status != client::RunStatus::done && status != client::RunStatus::running) json["resume"] = resumption(run);
  return answer(json);
}

// --- compare ------------------------------------------------------------------------------------------------------

/// A small value whole, of a larger one the beginning; of one that would have to be loaded its type.
void put_value(Json& json, const Reference& value, Client& client) {
  constexpr std::uint64_t most_loaded = 64 << 10;
  json["shown"] = name_of(value.type);
  if (value.size > most_loaded) return;
  ValueLoader loader(client.blobs());
  std::string text;
  try {
    text = to_json(value, loader, {.tensor_elements = 20, .tagged = true});
  } catch (const Error& e) {
    json["shown"] = "cannot be read";
    json["trouble"] = json_of_trouble(e);
    return;
  }
  if (text.size() <= most_shown_bytes) {
    json["value"] = Json::parse(text, nullptr, false);
  } else {
    json["shown"] = std::string(utf8_prefix(text, most_shown_bytes)) + "…";
  }
}

Json side_of(const std::optional<Reference>& value, Client& client) {
  if (!value) return nullptr;
  Json json{{"type", name_of(value->type)}, {"size", value->size}, {"identity", value->identity().hex()}};
  put_value(json, *value, client);
  return json;
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
  std::map<std::string, verbs::ValueDifference> all;
  for (const client::Artifact& p : a.parameters()) all[p.name()].a = p.reference();
  for (const client::Artifact& p : b.parameters()) all[p.name()].b = p.reference();
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
  return answer({{"a", json_of_run(a)},
                 {"b", json_of_run(b)},
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
  return {{"GET", "/api/v1/runs/{flow}/{run}", Role::reader, show_run},
          {"GET", "/api/v1/compare", Role::reader, compare, Work::long_}};
}

}  // namespace backlot::server
