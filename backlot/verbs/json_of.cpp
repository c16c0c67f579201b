#include "backlot/verbs/json_of.h"

#include <nlohmann/json.hpp>

namespace backlot::verbs {
namespace {

void put_time(Json& to, const char* name, Micros time) {
  if (time) to[name] = rfc3339(time);
}
void put_unless_empty(Json& to, const char* name, const std::string& value) {
  if (!value.empty()) to[name] = value;
}
void put_seconds(Json& to, const char* name, Micros from, Micros until) {
  if (from && until) to[name] = static_cast<double>(until - from) / 1e6;
}

Json of_failure(const Failure& failure) {
  Json json{{"kind", name_of(failure.kind)}};
  if (failure.code) json["code"] = failure.code;
  put_unless_empty(json, "type", failure.type);
  put_unless_empty(json, "message", failure.message);
  put_unless_empty(json, "place", failure.place);
  return json;
}

Json of_usage(const Usage& usage) {
  return {{"user_seconds", static_cast<double>(usage.user_us) / 1e6},
          {"system_seconds", static_cast<double>(usage.system_us) / 1e6},
          {"peak_memory_bytes", usage.peak_rss_bytes},
          {"source", usage.source == Usage::Source::cgroup ? "cgroup" : "rusage"}};
}

}  // namespace

Json json_of(const client::Run& run) {
  const RunRow& row = run.row();
  Json json{{"pathspec", run.pathspec()}, {"flow", row.flow}, {"run", row.run_id}, {"state", name_of(run.status())}};
  put_unless_empty(json, "user", row.user);
  put_unless_empty(json, "host", row.host);
  put_unless_empty(json, "namespace", row.ns);
  put_unless_empty(json, "project", row.project);
  put_unless_empty(json, "branch", row.branch);
  put_unless_empty(json, "code", row.code);
  put_time(json, "created", row.created);
  put_time(json, "ended", row.ended);
  if (row.state == RunState::running) put_time(json, "heartbeat", row.heartbeat);
  put_seconds(json, "seconds", row.created, row.ended);
  json["tasks"] = row.tasks;
  json["tasks_done"] = row.tasks_done;
  json["tasks_failed"] = row.tasks_failed;
  put_unless_empty(json, "failure", row.failure);
  json["tags"] = row.tags;
  json["system_tags"] = row.system_tags;
  json["event"] = row.events;
  return json;
}

Json json_of(const client::Step& step) {
  const StepRow& row = step.row();
  Json json{
      {"step", row.step}, {"tasks", row.tasks}, {"done", row.done}, {"failed", row.failed}, {"running", row.running}};
  put_time(json, "started", row.first_started);
  put_time(json, "ended", row.last_ended);
  put_seconds(json, "seconds", row.first_started, row.last_ended);
  return json;
}

Json json_of(const client::Task& task) {
  const TaskRow& row = task.row();
  Json json{{"pathspec", task.pathspec()}, {"step", row.step},
            {"task", row.number},          {"path", task.path().text()},
            {"state", name_of(row.state)}, {"attempts", row.attempts}};
  put_unless_empty(json, "label", row.label);
  put_unless_empty(json, "waiting", row.waiting);
  if (row.progress >= 0) json["progress"] = row.progress;
  put_unless_empty(json, "note", row.note);
  put_time(json, "ready", row.ready);
  put_time(json, "started", row.started);
  put_time(json, "ended", row.ended);
  put_seconds(json, "seconds", row.started, row.ended);
  if (row.is_clone()) json["cloned_from_task"] = row.origin_task;
  return json;
}

Json json_of(const client::Artifact& artifact) {
  return {{"name", artifact.name()},
          {"pathspec", artifact.pathspec()},
          {"type", name_of(artifact.type())},
          {"size", artifact.size()},
          {"identity", artifact.identity().hex()}};
}

Json json_of(const std::vector<Metadatum>& metadata) {
  Json json = Json::array();
  for (const Metadatum& m : metadata) json.push_back({{"attempt", m.attempt}, {"key", m.key}, {"value", m.value}});
  return json;
}

Json json_of(const AttemptDetails& attempt) {
  const AttemptRow& row = attempt.row;
  Json json{{"attempt", row.attempt}, {"state", name_of(row.state)}};
  put_time(json, "started", row.started);
  put_time(json, "ended", row.ended);
  put_seconds(json, "seconds", row.started, row.ended);
  if (row.usage.source != Usage::Source::none) json["usage"] = of_usage(row.usage);
  json["log"] = {{"out_bytes", row.log.out_bytes}, {"err_bytes", row.log.err_bytes}};
  if (row.log.dropped_bytes) json["log"]["dropped_bytes"] = row.log.dropped_bytes;
  if (row.log.first_error >= 0) json["log"]["first_error"] = row.log.first_error;
  if (attempt.manifest && attempt.manifest->failure) json["failure"] = of_failure(*attempt.manifest->failure);
  return json;
}

Json json_of_parameter(const client::Artifact& parameter) {
  Json json = json_of(parameter);
  json["value"] = Json::parse(parameter.json(), nullptr, false);
  return json;
}

}  // namespace backlot::verbs
