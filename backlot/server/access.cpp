#include "backlot/server/access.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "backlot/server/api.h"
#include "backlot/server/guard.h"
#include "backlot/server/request_target.h"

namespace backlot::server {
namespace {

constexpr int most_wrong_tokens = 10;
constexpr std::chrono::seconds wrong_token_window{60};
constexpr std::size_t most_peers = 1024;

std::string_view bearer_of(const Request& request) {
  constexpr std::string_view scheme = "bearer ";
  std::string_view value = request.header("authorization");
  bool is_bearer = value.size() > scheme.size() &&
                   std::equal(scheme.begin(), scheme.end(), value.begin(),
                              [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  return is_bearer ? value.substr(scheme.size()) : std::string_view();
}

/// The value of a cookie in all Cookie headers; empty when there is none.
std::string_view cookie_of(const Request& request, std::string_view name) {
  for (const auto& [header, value] : request.headers) {
    if (header != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(' ')));
      if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) return pair.substr(name.size() + 1);
    }
  }
  return {};
}

/// The secret of the form that opens a browser.
std::string secret_of_form(const Request& request) {
  RequestTarget form = parse_target("/?" + request.body);
  for (const auto& [name, value] : form.query)
    if (name == "secret") return value;
  return {};
}

std::string token_of_body(const Request& request) {
  Json body = body_of(request);
  return body.contains("token") && body["token"].is_string() ? body["token"].get<std::string>() : "";
}

}  // namespace

Response refused(int status, const Error& why) {
  Response response = Response::problem(why);
  response.status = status;
  if (status == 401) response.with("WWW-Authenticate", "Bearer");
  return response;
}

bool WrongTokens::note(const std::string& peer) {
  std::lock_guard lock(mutex_);
  const auto now = clock_.monotonic();
  auto is_old = [&](const Count& count) { return now - count.since > wrong_token_window; };
  std::erase_if(counts_, [&](const auto& entry) { return is_old(entry.second) && entry.first != peer; });
  // Of more peers than anybody looks at the rest are counted as one.
  bool has_place = counts_.size() < most_peers || counts_.contains(peer);
  auto [at, is_new] = counts_.try_emplace(has_place ? peer : "others", Count{now, 0});
  Count& count = at->second;
  if (!is_new && is_old(count)) count = {now, 0};
  ++count.tries;
  const char* name = at->first.empty() ? "this machine" : at->first.c_str();
  if (count.tries == 1) std::fprintf(stderr, "backlot serve: a wrong token from %s\n", name);
  if (count.tries == most_wrong_tokens + 1) std::fprintf(stderr, "backlot serve: many wrong tokens from %s\n", name);
  return count.tries > most_wrong_tokens;
}

Access::Access(AccessOptions options)
    : cookie_(std::move(options.cookie)),
      tokens_(std::move(options.tokens), options.least_token_bits),
      sessions_(std::move(options.sessions_file)) {}

Response Access::wrong_token(const Request& request, const char* message, const char* hint) {
  if (!wrong_.note(request.peer.address)) return refused(401, Error(ErrorCode::permission, message, hint));
  return refused(429, Error(ErrorCode::permission, "too many wrong tokens from here", "the right one is always taken"))
      .with("Retry-After", "60");
}

std::optional<Role> Access::role_of_session(const std::string& id) {
  auto session = sessions_.find(id);
  if (!session) return std::nullopt;
  if (tokens_.has(session->token_mark)) return session->role;
  sessions_.close(id);
  return std::nullopt;
}

bool Access::is_still_known(const std::string& session, const std::string& token_mark) {
  if (!session.empty()) return role_of_session(session).has_value();
  return token_mark.empty() || tokens_.has(token_mark);
}

std::optional<Response> Access::identify(Request& request) {
  if (request.peer.is_own_account) {
    request.role = Role::operator_;
    return std::nullopt;
  }
  if (std::string_view bearer = bearer_of(request); !bearer.empty()) {
    auto token = tokens_.find(bearer);
    if (!token) return wrong_token(request, "this token is not known", "was it replaced since?");
    request.role = token->role;
    request.token_mark = token->mark;
    return std::nullopt;
  }
  std::string id(cookie_of(request, cookie_));
  if (auto role = role_of_session(id)) {
    request.role = *role;
    request.session = std::move(id);
  }
  return std::nullopt;
}

/// Lax: a link in a mail or a chat leads to a page that is signed in; what changes something is guarded by more than
/// the cookie (Guard).
std::string Access::cookie_text(const Request& request, const std::string& value, const std::string& base) const {
  std::string text = cookie_ + "=" + value + "; Path=" + base + "/; HttpOnly; SameSite=Lax";
  text += value.empty() ? "; Max-Age=0" : "; Max-Age=" + std::to_string(std::chrono::seconds(session_life).count());
  return request.scheme == "https" ? text + "; Secure" : text;
}

Response Access::with_session(Response response, const Request& request, const AccessTokens::Known& token,
                              const std::string& base) {
  if (!request.session.empty()) sessions_.close(request.session);
  return response.with("Set-Cookie", cookie_text(request, sessions_.open(token.role, token.mark), base));
}

Response Access::open_session(const Request& request, const std::string& base) {
  const bool is_form = is_opening_form(request);
  const std::string given = is_form ? secret_of_form(request) : token_of_body(request);
  std::optional<AccessTokens::Known> token = is_form ? std::nullopt : tokens_.find(given);
  if (!token && one_time_.redeem(given)) token = tokens_.of_role(Role::operator_);
  if (!token)
    return wrong_token(request, "this token is not known",
                       "a link that opens the console is good once, and not for long");
  if (token->role < Role::reader) return refused(403, Error(ErrorCode::permission, "this token reads /metrics only"));
  Response response;
  response.status = is_form ? 303 : 204;
  if (is_form) response.with("Location", base + "/");
  return with_session(std::move(response), request, *token, base);
}

Response Access::close_session(const Request& request, const std::string& base) {
  sessions_.close(request.session);
  Response response;
  response.status = 204;
  return response.with("Set-Cookie", cookie_text(request, "", base));
}

}  // namespace backlot::server
