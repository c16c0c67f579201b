#include "backlot/server/guard.h"

#include <arpa/inet.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cctype>

#include "backlot/value/utf8.h"

namespace backlot::server {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

std::string_view bearer_of(const Request& request) {
  constexpr std::string_view scheme = "bearer ";
  std::string_view value = request.header("authorization");
  if (value.size() <= scheme.size() || lower(value.substr(0, scheme.size())) != scheme) return {};
  return value.substr(scheme.size());
}

std::string_view cookie_of(const Request& request) {
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    std::string_view pair = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(' ')));
    if (pair.starts_with(session_cookie) && pair.substr(session_cookie.size()).starts_with('='))
      return pair.substr(session_cookie.size() + 1);
  }
  return {};
}

bool is_address(const std::string& name) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, name.c_str(), bytes) == 1 || inet_pton(AF_INET6, name.c_str(), bytes) == 1;
}

bool changes_something(const std::string& method) { return method != "GET" && method != "HEAD"; }

std::size_t count_of(const Request& request, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(request.headers.begin(), request.headers.end(),
                                                [&](const auto& header) { return header.first == name; }));
}

}  // namespace

std::string host_name(std::string_view host) {
  if (host.starts_with('[')) {
    std::size_t end = host.find(']');
    return lower(host.substr(1, end == std::string_view::npos ? end : end - 1));
  }
  return lower(host.substr(0, host.find(':')));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Role Guard::role_of_token(std::string_view token) const {
  if (options_.operator_token.empty()) return Role::operator_;
  if (equal_in_constant_time(token, options_.operator_token)) return Role::operator_;
  bool reads = !options_.reader_token.empty() && equal_in_constant_time(token, options_.reader_token);
  return reads ? Role::reader : Role::none;
}

Role Guard::role_of(const Request& request) const {
  std::string_view bearer = bearer_of(request);
  return role_of_token(bearer.empty() ? cookie_of(request) : bearer);
}

bool Guard::is_ours(std::string_view host) const {
  std::string name = host_name(host);
  return std::any_of(options_.hosts.begin(), options_.hosts.end(), [&](const std::string& h) { return h == name; }) ||
         (options_.any_address && is_address(name));
}

std::optional<Error> Guard::refusal(const Request& request) const {
  std::string_view host = request.header("host");
  if (count_of(request, "host") != 1 || !is_ours(host)) {
    return Error(ErrorCode::permission, "this server does not answer to the host \"" + repaired_utf8(host) + "\"",
                 "start it with --allow-host NAME for each other name that it is reached by");
  }
  if (!changes_something(request.method)) return std::nullopt;
  std::string_view origin = request.header("origin");
  bool foreign = !origin.empty() && origin != "http://" + std::string(host) && origin != "https://" + std::string(host);
  std::string_view site = request.header("sec-fetch-site");
  if (foreign || (!site.empty() && site != "same-origin" && site != "none"))
    return Error(ErrorCode::permission, "a page of another site may not change anything here");
  if (request.header("x-backlot").empty()) {
    return Error(ErrorCode::permission, "what changes something must carry the header X-Backlot",
                 "send \"X-Backlot: 1\"");
  }
  return std::nullopt;
}

}  // namespace backlot::server
