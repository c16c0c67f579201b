// What changes something: cancel, tags, resume, delete. Of a live run it is a request to its scheduler.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "backlot/server/api.h"
#include "backlot/verbs/control.h"
#include "backlot/verbs/removal.h"
#include "backlot/verbs/resume_process.h"

namespace backlot::server {
namespace {

using client::Client;
using client::Run;

Response done(verbs::Done how) {
  bool now = how == verbs::Done::now;
  return answer({{"done", now ? "now" : "requested"}}, now ? 200 : 202);
}

std::vector<std::string> texts_of(const Json& body, const char* name) {
  std::vector<std::string> texts;
  auto at = body.find(name);
  if (at == body.end()) return texts;
  if (!at->is_array()) throw Error(ErrorCode::usage, std::string(name) + " must be a list of texts");
  for (const Json& text : *at) {
    if (!text.is_string()) throw Error(ErrorCode::usage, std::string(name) + " must be a list of texts");
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

/// A member of the body that nothing reads is a mistake of the caller's.
void allow_only(const Json& body, std::initializer_list<std::string_view> names) {
  for (const auto& [name, value] : body.items()) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw Error(ErrorCode::usage, "the body has no member \"" + name + "\" here");
  }
}

/// The run that the address names, when it is the one that the caller means: "last" may have become another one since
/// the caller looked, so the body must name the run then.
Run meant_run(const Request& request, const Json& body, const Client& client) {
  Run run = run_of(request, client);
  auto expected = body.find("run");
  if (expected == body.end()) {
    if (request.parts.at("run") != "last") return run;
    throw Error(ErrorCode::usage, "\"last\" may be another run by now: say which one is meant",
                "give its pathspec in the body: {\"run\": \"" + run.pathspec() + "\"}");
  }
  if (!expected->is_string()) throw Error(ErrorCode::usage, "run must be the pathspec of a run, a text");
  if (*expected != run.pathspec()) {
    throw Error(
        ErrorCode::conflict,
        "this address is now " + run.pathspec() + ", not " + expected->get<std::string>() + ": nothing was done",
        "load the page again");
  }
  return run;
}

Response cancel(const Request& request, Client& client) {
  Json body = body_of(request);
  allow_only(body, {"run"});
  return done(verbs::cancel(client, Pathspec::parse(meant_run(request, body, client).pathspec())));
}

Response tag(const Request& request, Client& client) {
  Json body = body_of(request);
  allow_only(body, {"run", "add", "remove"});
  Pathspec run = Pathspec::parse(meant_run(request, body, client).pathspec());
  return done(verbs::tag(client, run, texts_of(body, "add"), texts_of(body, "remove")));
}

/// Why it was not resumed, with the run that is in the way and the command that does it all the same.
Response refused(const Error& why, const Run& origin, const Run& rival) {
  Response response = Response::problem(why);
  Json json = Json::parse(response.body);
  json["error"]["run"] = rival.pathspec();
  json["error"]["command"] = "backlot rerun " + origin.pathspec() + " --failed --anyway";
  return answer(json, response.status);
}

Response resume(const Request& request, Client& client) {
  Json body = body_of(request);
  allow_only(body, {"run", "step"});
  std::string step = body.value("step", Json("")).is_string() ? body.value("step", "") : "?";
  if (step == "?") throw Error(ErrorCode::usage, "step must be a text");
  const Run origin = meant_run(request, body, client);
  try {
    return answer({{"run", json_of_run(verbs::resume_in_background(client, origin, step))}}, 201);
  } catch (const Error& e) {
    auto rival = e.code() == ErrorCode::conflict ? verbs::live_rival(client, origin) : std::nullopt;
    if (!rival) throw;
    return refused(e, origin, *rival);
  }
}

Json json_of_removal(const verbs::Removal& removal) {
  Json runs = Json::array();
  for (const RunRow& run : removal.runs) runs.push_back({{"pathspec", address(run)}, {"user", run.user}});
  return {{"runs", std::move(runs)}, {"blobs", removal.blobs}, {"bytes", removal.bytes}, {"clones", removal.clones}};
}

/// Without `confirm` it only tells what would go. What is confirmed are the numbers that were told.
Response remove(const Request& request, Client& client) {
  Json body = body_of(request);
  allow_only(body, {"runs", "confirm"});
  const verbs::Removal removal = verbs::plan_removal(client, texts_of(body, "runs"));
  auto confirm = body.find("confirm");
  if (confirm == body.end()) return answer(json_of_removal(removal));
  const Json told{{"runs", removal.runs.size()}, {"bytes", removal.bytes}, {"clones", removal.clones.size()}};
  if (*confirm != told) {
    throw Error(ErrorCode::conflict, "what would go is not what was confirmed: " + told.dump(),
                "ask without \"confirm\" what would go, and confirm that");
  }
  std::string names;
  for (const RunRow& run : removal.runs) names += " " + address(run);
  std::fprintf(stderr, "backlot serve: an operator deletes %zu runs, %llu bytes:%s\n", removal.runs.size(),
               static_cast<unsigned long long>(removal.bytes), names.c_str());
  const verbs::GcReport report = verbs::collect_garbage(client, verbs::policy_for(removal));
  return answer({{"removed", report.runs}});
}

}  // namespace

std::vector<Route> control_routes() {
  const std::string run = "/api/v1/runs/{flow}/{run}";
  return {{"POST", run + "/cancel", Role::operator_, cancel, Work::long_},
          {"POST", run + "/tags", Role::operator_, tag, Work::long_},
          {"POST", run + "/resume", Role::operator_, resume, Work::long_},
          {"POST", "/api/v1/delete", Role::operator_, remove, Work::long_}};
}

}  // namespace backlot::server
