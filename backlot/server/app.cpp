#include "backlot/server/app.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "backlot/base/identity.h"
#include "backlot/server/api.h"
#include "backlot/server/delivery.h"
#include "backlot/server/openapi.h"
#include "backlot/verbs/doctor.h"

namespace backlot::server {
namespace {

void append(std::vector<Route>& to, std::vector<Route> routes) {
  to.insert(to.end(), std::make_move_iterator(routes.begin()), std::make_move_iterator(routes.end()));
}

std::string_view name_of(Role role) {
  switch (role) {
    case Role::none: return "none";
    case Role::reader: return "reader";
    case Role::operator_: return "operator";
  }
  return "none";
}

/// Gone with the browser's session; never sent along by another site's pages, never read by scripts.
std::string cookie(std::string_view value, std::string_view more) {
  std::string text(session_cookie);
  return text.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict").append(more);
}

Response refused(int status, const Error& why) {
  Response response = Response::problem(why);
  response.status = status;
  if (status == 401) response.with("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

App::App(const Home& home, GuardOptions guard, Pages pages, int workers)
    : home_(home),
      guard_(std::move(guard)),
      pages_(std::move(pages)),
      live_(home),
      router_(own_routes()),
      clients_(static_cast<std::size_t>(workers)) {}

std::vector<Route> App::own_routes() {
  using client::Client;
  std::vector<Route> routes{
      {"GET", "/api/v1/status", Role::none, [this](const Request& r, Client&) { return status(r); }},
      {"POST", "/api/v1/session", Role::none, [this](const Request& r, Client&) { return open_session(r); }},
      {"DELETE", "/api/v1/session", Role::none,
       [](const Request&, Client&) {
         Response response;
         response.status = 204;
         return response.with("Set-Cookie", cookie("", "; Max-Age=0"));
       }},
      {"GET", "/api/v1/openapi.json", Role::none,
       [](const Request&, Client&) { return Response::json(std::string(openapi_text())); }},
      {"GET", "/api/v1/events", Role::reader, [this](const Request& r, Client&) { return events(r); }},
      {"GET", "/metrics", Role::reader, [this](const Request&, Client&) {
         Response response;
         response.body = metrics_.text(live_.counts());
         return response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
       }}};
  append(routes, run_list_routes(live_));
  append(routes, run_routes());
  append(routes, task_routes());
  append(routes, log_routes());
  append(routes, artifact_routes());
  append(routes, control_routes());
  return routes;
}

Response App::status(const Request& request) const {
  return backlot::server::answer({{"version", verbs::version()},
                                  {"role", name_of(request.role)},
                                  {"user", current_user()},
                                  {"time", rfc3339(system_clock().now())}});
}

Response App::open_session(const Request& request) const {
  Json body = body_of(request);
  std::string token = body.contains("token") && body["token"].is_string() ? body["token"].get<std::string>() : "";
  if (guard_.role_of_token(token) == Role::none)
    return refused(401, Error(ErrorCode::permission, "this token is not known", "the server printed it at its start"));
  Response response;
  response.status = 204;
  return guard_.needs_token() ? response.with("Set-Cookie", cookie(token, "")) : response;
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
  response.on_stream = [this, topics](std::shared_ptr<EventSink> sink) { live_.add(std::move(sink), topics); };
  return response.with("Content-Type", "text/event-stream").with("X-Accel-Buffering", "no");
}

Response App::routed(Request& request, int worker) {
  Router::Found found = router_.find(request.method, request.path);
  if (found.route) {
    if (request.role < found.route->role) {
      return request.role == Role::none ? refused(401, Error(ErrorCode::permission, "a token is needed",
                                                             "send it as \"Authorization: Bearer TOKEN\""))
                                        : refused(403, Error(ErrorCode::permission, "this token may only read"));
    }
    request.parts = std::move(found.parts);
    std::optional<client::Client>& client = clients_[static_cast<std::size_t>(worker)];
    if (!client) client.emplace(home_);
    return found.route->handler(request, *client);
  }
  if (!found.allowed.empty()) {
    std::string allowed;
    for (const std::string& method : found.allowed) allowed += (allowed.empty() ? "" : ", ") + method;
    return refused(405, Error(ErrorCode::usage, request.method + " is not done here", "but " + allowed))
        .with("Allow", allowed);
  }
  bool is_read = request.method == "GET" || request.method == "HEAD";
  if (auto page = is_read ? pages_.find(request) : std::nullopt) return std::move(*page);
  return refused(
      404, Error(ErrorCode::not_found, "there is nothing at this address", "the API is told by /api/v1/openapi.json"));
}

Response App::answer(Request request, int worker) {
  auto begin = std::chrono::steady_clock::now();
  Response response;
  try {
    if (auto refusal = guard_.refusal(request)) {
      response = refused(403, *refusal);
    } else {
      request.role = guard_.role_of(request);
      response = routed(request, worker);
    }
  } catch (const Error& e) { response = Response::problem(e); } catch (const std::exception& e) {
    response = Response::problem(Error(ErrorCode::internal, e.what()));
  }
  response = delivered(std::move(response), request);
  metrics_.count(response.status, std::chrono::steady_clock::now() - begin);
  return response;
}

}  // namespace backlot::server
