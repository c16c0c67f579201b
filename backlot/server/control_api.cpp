// What changes something: cancel, tags, resume. Of a live run it is a request to its scheduler.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "backlot/server/api.h"
#include "backlot/verbs/control.h"
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

Response cancel(const Request& request, Client& client) {
  allow_only(body_of(request), {});
  verbs::cancel(client, run_spec(request));
  return done(verbs::Done::requested);
}

Response tag(const Request& request, Client& client) {
  Json body = body_of(request);
  allow_only(body, {"add", "remove"});
  return done(verbs::tag(client, run_spec(request), texts_of(body, "add"), texts_of(body, "remove")));
}

Response resume(const Request& request, Client& client) {
  Json body = body_of(request);
  allow_only(body, {"step"});
  std::string step = body.value("step", Json("")).is_string() ? body.value("step", "") : "?";
  if (step == "?") throw Error(ErrorCode::usage, "step must be a text");
  const Run origin = run_of(request, client);
  const Run resumed = verbs::resume_in_background(client, origin, step);
  return answer({{"run", json_of_run(resumed, client)}}, 201);
}

}  // namespace

std::vector<Route> control_routes() {
  const std::string run = "/api/v1/runs/{flow}/{run}";
  return {{"POST", run + "/cancel", Role::operator_, cancel},
          {"POST", run + "/tags", Role::operator_, tag},
          {"POST", run + "/resume", Role::operator_, resume}};
}

}  // namespace backlot::server
