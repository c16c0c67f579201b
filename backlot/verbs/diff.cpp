#include "backlot/verbs/diff.h"

#include <algorithm>
#include <map>

namespace backlot::verbs {
namespace {

using client::Client;
using client::Run;

/// (step, path key, name); parameters have neither step nor path.
using Key = std::tuple<std::string, std::string, std::string>;
using Values = std::map<Key, Reference>;

struct Contents {
  Values parameters, artifacts;
};

StepTime& step_time(std::vector<StepTime>& steps, const std::string& name) {
  auto at = std::find_if(steps.begin(), steps.end(), [&](const StepTime& s) { return s.step == name; });
  if (at != steps.end()) return *at;
  steps.push_back({name, 0, 0, 0, 0});
  return steps.back();
}

/// Reads one run in one pass; `tasks` and `busy` say which side of a StepTime is its.
Contents contents_of(const Run& run, std::vector<StepTime>& steps, std::int64_t StepTime::*tasks,
                     Micros StepTime::*busy) {
  Contents found;
  for (const client::Artifact& p : run.parameters()) found.parameters[{"", "", p.name()}] = p.reference();
  run.each_finished([&](const TaskRow& task, const AttemptRow& attempt) {
    StepTime& time = step_time(steps, task.step);
    time.*tasks += 1;
    time.*busy += attempt.ended - attempt.started;
    if (attempt.manifest.empty()) return;
    Manifest manifest = decode_manifest(attempt.manifest);
    for (NamedReference& a : manifest.artifacts) found.artifacts[{task.step, task.path, a.name}] = std::move(a.value);
  });
  return found;
}

std::string place_of(const Key& key) {
  auto& [step, path, name] = key;
  if (step.empty()) return "";
  auto parsed = IndexPath::from_key(path);
  return step + "/" + (parsed ? parsed->text() : "?");
}

std::vector<ValueDifference> differences(const Values& a, const Values& b, std::int64_t& same) {
  std::vector<ValueDifference> found;
  auto add = [&](const Key& key, const Reference* in_a, const Reference* in_b) {
    ValueDifference d{place_of(key), std::get<2>(key), {}, {}};
    if (in_a) d.a = *in_a;
    if (in_b) d.b = *in_b;
    found.push_back(std::move(d));
  };
  auto at_a = a.begin(), at_b = b.begin();
  while (at_a != a.end() || at_b != b.end()) {
    bool only_a = at_b == b.end() || (at_a != a.end() && at_a->first < at_b->first);
    bool only_b = at_a == a.end() || (at_b != b.end() && at_b->first < at_a->first);
    if (only_a) {
      add(at_a->first, &at_a->second, nullptr);
    } else if (only_b) {
      add(at_b->first, nullptr, &at_b->second);
    } else if (at_a->second.same_value(at_b->second)) {
      ++same;
    } else {
      add(at_a->first, &at_a->second, &at_b->second);
    }
    if (!only_b) ++at_a;
    if (!only_a) ++at_b;
  }
  return found;
}

}  // namespace

RunDifference diff(const Client& client, const Pathspec& a, const Pathspec& b) {
  Run run_a = client.run(a), run_b = client.run(b);
  RunDifference result;
  Contents in_a = contents_of(run_a, result.steps, &StepTime::a_tasks, &StepTime::a_busy);
  Contents in_b = contents_of(run_b, result.steps, &StepTime::b_tasks, &StepTime::b_busy);
  std::int64_t same_parameters = 0;
  result.parameters = differences(in_a.parameters, in_b.parameters, same_parameters);
  result.artifacts = differences(in_a.artifacts, in_b.artifacts, result.same_artifacts);
  auto time = [&](const RunRow& r) { return (r.ended ? r.ended : client.now()) - r.created; };
  result.a_time = time(run_a.row());
  result.b_time = time(run_b.row());
  return result;
}

}  // namespace backlot::verbs
