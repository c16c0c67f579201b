#include "backlot/verbs/as_json.h"

#include <nlohmann/json.hpp>

namespace backlot::verbs {
namespace {

using Json = nlohmann::ordered_json;

/// Text that is not UTF-8, as a log or a file name may be, is shown with U+FFFD where it is not.
std::string text(const Json& json, int indent = 2) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void put_time(Json& to, const char* name, Micros time) {
  if (time) to[name] = rfc3339(time);
}
void put_text(Json& to, const char* name, const std::string& value) {
  if (!value.empty()) to[name] = value;
}
void put_seconds(Json& to, const char* name, Micros from, Micros until) {
  if (from && until) to[name] = static_cast<double>(until - from) / 1e6;
}

template <class T>
Json list_of(const std::vector<T>& items, Json (*convert)(const T&)) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(convert(item));
  return list;
}

Json of_run(const client::Run& run) {
  const RunRow& row = run.row();
  Json json{{"pathspec", run.pathspec()}, {"flow", row.flow}, {"run", row.run_id}, {"state", name_of(run.status())}};
  put_text(json, "user", row.user);
  put_text(json, "host", row.host);
  put_text(json, "namespace", row.ns);
  put_text(json, "project", row.project);
  put_text(json, "branch", row.branch);
  put_text(json, "code", row.code);
  put_time(json, "created", row.created);
  put_time(json, "ended", row.ended);
  put_seconds(json, "seconds", row.created, row.ended);
  json["tasks"] = row.tasks;
  json["tasks_done"] = row.tasks_done;
  json["tasks_failed"] = row.tasks_failed;
  put_text(json, "failure", row.failure);
  json["tags"] = row.tags;
  json["system_tags"] = row.system_tags;
  return json;
}

Json of_step(const client::Step& step) {
  const StepRow& row = step.row();
  Json json{
      {"step", row.step}, {"tasks", row.tasks}, {"done", row.done}, {"failed", row.failed}, {"running", row.running}};
  put_time(json, "started", row.first_started);
  put_time(json, "ended", row.last_ended);
  put_seconds(json, "seconds", row.first_started, row.last_ended);
  return json;
}

Json of_task(const client::Task& task) {
  const TaskRow& row = task.row();
  Json json{{"pathspec", task.pathspec()}, {"step", row.step},
            {"task", row.number},          {"path", task.path().text()},
            {"state", name_of(row.state)}, {"attempts", row.attempts}};
  put_text(json, "label", row.label);
  put_text(json, "waiting", row.waiting);
  if (row.progress >= 0) json["progress"] = row.progress;
  put_text(json, "note", row.note);
  put_time(json, "ready", row.ready);
  put_time(json, "started", row.started);
  put_time(json, "ended", row.ended);
  put_seconds(json, "seconds", row.started, row.ended);
  if (row.origin) json["cloned_from_task"] = row.origin_task;
  return json;
}

Json of_artifact(const client::Artifact& artifact) {
  return {{"name", artifact.name()},
          {"pathspec", artifact.pathspec()},
          {"type", name_of(artifact.type())},
          {"size", artifact.size()},
          {"identity", artifact.identity().hex()}};
}

Json of_metadata(const std::vector<Metadatum>& metadata) {
  Json json = Json::array();
  for (const Metadatum& m : metadata) json.push_back({{"attempt", m.attempt}, {"key", m.key}, {"value", m.value}});
  return json;
}

Json of_failure(const Failure& failure) {
  Json json{{"kind", name_of(failure.kind)}};
  if (failure.code) json["code"] = failure.code;
  put_text(json, "type", failure.type);
  put_text(json, "message", failure.message);
  put_text(json, "place", failure.place);
  return json;
}

Json of_usage(const Usage& usage) {
  return {{"user_seconds", static_cast<double>(usage.user_us) / 1e6},
          {"system_seconds", static_cast<double>(usage.system_us) / 1e6},
          {"peak_memory_bytes", usage.peak_rss_bytes}};
}

Json of_attempt(const AttemptDetails& attempt) {
  const AttemptRow& row = attempt.row;
  Json json{{"attempt", row.attempt}, {"state", name_of(row.state)}};
  put_time(json, "started", row.started);
  put_time(json, "ended", row.ended);
  put_seconds(json, "seconds", row.started, row.ended);
  if (row.usage.source != Usage::Source::none) json["usage"] = of_usage(row.usage);
  json["log"] = {{"out_bytes", row.log.out_bytes}, {"err_bytes", row.log.err_bytes}};
  if (row.log.dropped_bytes) json["log"]["dropped_bytes"] = row.log.dropped_bytes;
  if (attempt.manifest && attempt.manifest->failure) json["failure"] = of_failure(*attempt.manifest->failure);
  return json;
}

Json of_task_details(const TaskDetails& details) {
  Json json = of_task(details.task);
  json["attempt_list"] = list_of(details.attempts, of_attempt);
  json["artifacts"] = list_of(details.artifacts, of_artifact);
  json["metadata"] = of_metadata(details.metadata);
  return json;
}

Json of_difference(const ValueDifference& d) {
  auto side = [](const std::optional<Reference>& r) {
    if (!r) return Json(nullptr);
    return Json{{"type", name_of(r->type)}, {"size", r->size}, {"identity", r->identity().hex()}};
  };
  Json json;
  put_text(json, "task", d.place);
  json["name"] = d.name;
  json["a"] = side(d.a);
  json["b"] = side(d.b);
  return json;
}

Json of_step_time(const StepTime& s) {
  auto side = [](std::int64_t tasks, Micros busy) {
    return Json{{"tasks", tasks}, {"seconds", static_cast<double>(busy) / 1e6}};
  };
  return {{"step", s.step}, {"a", side(s.a_tasks, s.a_busy)}, {"b", side(s.b_tasks, s.b_busy)}};
}

Json of_finding(const Finding& f) {
  Json json{{"name", f.name}, {"value", f.value}};
  put_text(json, "advice", f.advice);
  return json;
}

Json of_diagnostic(const Diagnostic& d) {
  Json json{{"rule", d.rule}, {"place", d.place}, {"message", d.message}};
  put_text(json, "fix", d.fix);
  return json;
}

Json of_parameter(const client::Artifact& parameter) {
  Json json = of_artifact(parameter);
  json["value"] = Json::parse(parameter.json(), nullptr, false);
  return json;
}

}  // namespace

std::string as_json(const std::vector<client::Run>& runs) { return text(list_of(runs, of_run)); }
std::string as_json(const std::vector<client::Step>& steps) { return text(list_of(steps, of_step)); }
std::string as_json(const std::vector<client::Task>& tasks) { return text(list_of(tasks, of_task)); }
std::string as_json(const std::vector<client::Artifact>& artifacts) { return text(list_of(artifacts, of_artifact)); }
std::string as_json(const std::vector<Finding>& findings) { return text(list_of(findings, of_finding)); }
std::string as_json(const TaskDetails& task) { return text(of_task_details(task)); }

std::string as_json(const RunDetails& details) {
  Json json = of_run(details.run);
  json["parameters"] = list_of(details.parameters, of_parameter);
  json["steps"] = list_of(details.steps, of_step);
  json["failed"] = list_of(details.failed, of_task_details);
  json["metadata"] = of_metadata(details.metadata);
  Json requests = Json::array();
  for (const Request& r : details.requests) {
    requests.push_back({{"kind", r.kind}, {"argument", r.argument}, {"user", r.user}, {"time", rfc3339(r.time)}});
  }
  json["requests"] = std::move(requests);
  return text(json);
}

std::string as_json(const LogPiece& piece) {
  return text({{"time", rfc3339(piece.time)},
               {"step", piece.step},
               {"task", piece.task},
               {"attempt", piece.attempt},
               {"stream", piece.stream == LogStream::out ? "out" : "err"},
               {"text", piece.bytes}},
              -1);
}

std::string as_json(const RunDifference& d) {
  return text({{"a_seconds", static_cast<double>(d.a_time) / 1e6},
               {"b_seconds", static_cast<double>(d.b_time) / 1e6},
               {"parameters", list_of(d.parameters, of_difference)},
               {"artifacts", list_of(d.artifacts, of_difference)},
               {"same_artifacts", d.same_artifacts},
               {"steps", list_of(d.steps, of_step_time)}});
}

std::string as_json(const GcReport& r) {
  return text({{"runs", r.runs},
               {"kept_runs", r.kept_runs},
               {"blobs", r.blobs},
               {"bytes", r.bytes},
               {"young_blobs", r.young_blobs},
               {"freed_bytes", r.freed_bytes},
               {"folders", r.folders}});
}

std::string as_json(const FsckReport& r) {
  return text({{"problem_count", r.problem_count},
               {"problems", list_of(r.problems, of_diagnostic)},
               {"runs", r.runs},
               {"blobs", r.blobs},
               {"bytes", r.bytes},
               {"orphan_blobs", r.orphan_blobs},
               {"orphan_bytes", r.orphan_bytes},
               {"orphan_folders", r.orphan_folders}});
}

}  // namespace backlot::verbs
