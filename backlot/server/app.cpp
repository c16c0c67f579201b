#include "backlot/server/app.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "backlot/base/identity.h"
#include "backlot/server/api.h"
#include "backlot/server/delivery.h"
#include "backlot/server/home_trust.h"
#include "backlot/server/request_target.h"
#include "backlot/verbs/doctor.h"

namespace backlot::server {
namespace {

void append_routes(std::vector<Route>& to, std::vector<Route> routes) {
  to.insert(to.end(), std::make_move_iterator(routes.begin()), std::make_move_iterator(routes.end()));
}

std::string_view name_of(Role role) { return role == Role::operator_ ? "operator" : "reader"; }

/// A proxy may or may not take the base path off what it passes on.
void strip_base(Request& request, const std::string& base) {
  if (base.empty()) return;
  std::vector<std::string> segments = parse_target(base).path;
  if (segments.size() <= request.path.size() && std::equal(segments.begin(), segments.end(), request.path.begin()))
    request.path.erase(request.path.begin(), request.path.begin() + static_cast<std::ptrdiff_t>(segments.size()));
}

}  // namespace

App::App(AppOptions options)
    : home_(options.home),
      guard_(std::move(options.guard)),
      proxies_(std::move(options.proxies)),
      trusts_group_(options.trusts_group),
      base_(std::move(options.base)),
      pages_(std::move(options.pages)),
      access_(std::move(options.access)),
      live_(home_),
      modules_(options.modules),
      router_(all_routes()) {
  for (std::size_t i = 0; i < work_classes; ++i) clients_[i].resize(static_cast<std::size_t>(options.workers[i]));
  for (auto& client : clients_[static_cast<std::size_t>(Work::quick)]) client.emplace(home_);
}

std::vector<Route> App::all_routes() {
  using client::Client;
  std::vector<Route> routes{
      {"GET", "/healthz", Role::none,
       [](const Request&, Client&) {
         Response response;
         response.body = "ok\n";
         return response.with("Content-Type", "text/plain; charset=utf-8");
       }},
      {"GET", "/api/v1/status", Role::reader, [this](const Request& r, Client&) { return status(r); }},
      {"POST", "/api/v1/session", Role::none,
       [this](const Request& r, Client&) { return access_.open_session(r, base_); }},
      {"DELETE", "/api/v1/session", Role::reader,
       [this](const Request& r, Client&) { return access_.close_session(r, base_); }},
      {"GET", "/api/v1/openapi.json", Role::reader,
       [this](const Request&, Client&) { return Response::json(modules_.openapi()); }},
      {"GET", "/api/v1/events", Role::reader, [this](const Request& r, Client&) { return events(r); }},
      {"GET", "/metrics", Role::metrics, [this](const Request&, Client&) {
         Response response;
         response.body = metrics_.text(live_.counts());
         return response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
       }}};
  append_routes(routes, run_list_routes(live_));
  append_routes(routes, run_routes());
  append_routes(routes, task_routes());
  append_routes(routes, log_routes());
  append_routes(routes, artifact_routes());
  append_routes(routes, control_routes());
  append_routes(routes, modules_.take_routes());
  return routes;
}

Response App::status(const Request& request) const {
  const ControlTrust trust = control_trust(home_, trusts_group_);
  Json json{{"version", verbs::version()},
            {"role", name_of(request.role)},
            {"user", current_user()},
            {"time", rfc3339(system_clock().now())},
            {"controls", request.role == Role::operator_ && !trust.refusal},
            {"modules", modules_.health(request.role == Role::operator_)}};
  if (!trust.note.empty()) json["trust"] = trust.note;
  return backlot::server::answer(json);
}

Response App::events(const Request& request) {
  std::vector<Topic> topics;
  for (const auto& [name, value] : request.query)
    if (name == "topic") topics.push_back(parse_topic(value));
  if (topics.empty()) throw Error(ErrorCode::usage, "topic must say what to watch", "runs, or run/Flow/7");
  // After a reconnect the browser knows the last event better than the address does.
  if (std::string_view last = request.header("last-event-id"); !last.empty()) {
    Topic known = parse_topic(last);
    for (Topic& topic : topics)
      if (topic.name == known.name) topic.cursor = known.cursor;
  }
  Response response;
  auto is_allowed = [this, session = request.session, mark = request.token_mark] {
    return access_.is_still_known(session, mark);
  };
  response.on_stream = [this, topics, is_allowed, browser = request.text("browser")](std::shared_ptr<EventSink> sink) {
    live_.add({std::move(sink), topics, is_allowed, browser});
  };
  return response.with("Content-Type", "text/event-stream").with("X-Accel-Buffering", "no");
}

std::optional<Response> App::page(const Request& request) const {
  bool is_read = request.method == "GET" || request.method == "HEAD";
  return is_read ? pages_.find(request) : std::nullopt;
}

Response App::routed(Request& request, std::optional<client::Client>& client) {
  Router::Found found = router_.find(request.method, request.path);
  if (!found.route && found.allowed.empty()) {
    if (auto file = page(request)) return std::move(*file);
  }
  // A stranger is not even told what there is.
  const Role needed = found.route ? found.route->role : Role::reader;
  if (request.role < needed) {
    if (request.role == Role::none) {
      return refused(401, Error(ErrorCode::permission, "a session or a token is needed",
                                "open the console by `backlot serve`, or send \"Authorization: Bearer TOKEN\""));
    }
    const char* may = request.role == Role::metrics ? "this token reads /metrics only" : "this token may only read";
    return refused(403, Error(ErrorCode::permission, may));
  }
  if (found.route) {
    // Asked each time: modes change while the server runs.
    if (needed == Role::operator_) {
      if (auto refusal = control_trust(home_, trusts_group_).refusal) return refused(403, *refusal);
    }
    request.parts = std::move(found.parts);
    if (!client) client.emplace(home_);
    return found.route->handler(request, *client);
  }
  if (!found.allowed.empty()) {
    std::string allowed;
    for (const std::string& method : found.allowed) allowed += (allowed.empty() ? "" : ", ") + method;
    return refused(405, Error(ErrorCode::usage, request.method + " is not done here", "but " + allowed))
        .with("Allow", allowed);
  }
  return refused(
      404, Error(ErrorCode::not_found, "there is nothing at this address", "the API is told by /api/v1/openapi.json"));
}

Work App::work_of(const Request& request) const {
  Request inner;
  inner.path = request.path;
  strip_base(inner, base_);
  Router::Found found = router_.find(request.method, inner.path);
  return found.route ? found.route->work : Work::quick;
}

Response App::answer(Request request, Work work, int worker) {
  std::optional<client::Client>& client = clients_[static_cast<std::size_t>(work)][static_cast<std::size_t>(worker)];
  auto begin = std::chrono::steady_clock::now();
  auto response_of = [&]() -> Response {
    proxies_.apply(request);
    strip_base(request, base_);
    if (auto refusal = guard_.refusal(request)) return refused(403, *refusal);
    if (auto refusal = access_.identify(request)) return std::move(*refusal);
    return routed(request, client);
  };
  Response response;
  try {
    response = delivered(response_of(), request);  // reads what is sent, where a part of it is asked for
  } catch (const Error& e) { response = delivered(Response::problem(e), request); } catch (const std::exception& e) {
    response = delivered(Response::problem(Error(ErrorCode::internal, e.what())), request);
  }
  metrics_.count(response.status, std::chrono::steady_clock::now() - begin);
  return response;
}

}  // namespace backlot::server
