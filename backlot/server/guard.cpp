#include "backlot/server/guard.h"
#include "backlot/base/ascii.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>

#include "backlot/value/utf8.h"

namespace backlot::server {
namespace {

bool is_ipv6(const std::string& name) {
  unsigned char bytes[16];
  return inet_pton(AF_INET6, name.c_str(), bytes) == 1;
}

bool is_address(const std::string& name) {
  unsigned char bytes[4];
  return inet_pton(AF_INET, name.c_str(), bytes) == 1 || is_ipv6(name);
}

/// Nothing, or ":" and up to five digits.
bool is_port(std::string_view text) {
  if (text.empty()) return true;
  return text[0] == ':' && text.size() <= 6 &&
         std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isdigit(c); });
}

bool is_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '.' || c == '_'; });
}

bool changes_something(const std::string& method) { return method != "GET" && method != "HEAD"; }

std::size_t count_of(const Request& request, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(request.headers.begin(), request.headers.end(),
                                                [&](const auto& header) { return header.first == name; }));
}

bool reads_from_elsewhere(const Request& request) {
  std::string_view site = request.header("sec-fetch-site");
  bool is_api = !request.path.empty() && (request.path[0] == "api" || request.path[0] == "metrics");
  return is_api && !site.empty() && site != "same-origin" && site != "none";
}

}  // namespace

std::string host_name(std::string_view host) {
  if (host.starts_with('[')) {
    std::size_t end = host.find(']');
    if (end == std::string_view::npos || !is_port(host.substr(end + 1))) return {};
    std::string name = lower_case(host.substr(1, end - 1));
    return is_ipv6(name) ? name : std::string();
  }
  std::size_t end = std::min(host.find(':'), host.size());
  return is_port(host.substr(end)) && is_name(host.substr(0, end)) ? lower_case(host.substr(0, end)) : std::string();
}

bool is_opening_form(const Request& request) {
  return request.method == "POST" && request.path == std::vector<std::string>{"api", "v1", "session"} &&
         request.header("content-type") == "application/x-www-form-urlencoded" && request.header("origin") == "null";
}

bool Guard::is_ours(std::string_view host) const {
  std::string name = host_name(host);
  if (name.empty()) return false;
  return std::any_of(options_.hosts.begin(), options_.hosts.end(), [&](const std::string& h) { return h == name; }) ||
         (options_.any_address && is_address(name));
}

std::optional<Error> Guard::refusal(const Request& request) const {
  std::string_view host = request.header("host");
  if (count_of(request, "host") != 1 || !is_ours(host)) {
    return Error(ErrorCode::permission, "this server does not answer to the host \"" + repaired_utf8(host) + "\"",
                 "start it with --allow-host NAME for each other name that it is reached by");
  }
  if (!changes_something(request.method)) {
    if (!reads_from_elsewhere(request)) return std::nullopt;
    return Error(ErrorCode::permission, "a page of another site may not read the API");
  }
  if (is_opening_form(request)) return std::nullopt;
  std::string_view origin = request.header("origin");
  if (!origin.empty() && origin != request.scheme + "://" + std::string(host)) {
    return Error(ErrorCode::permission, "a page of another site may not change anything here",
                 "behind a proxy that speaks https, --trusted-proxy makes the server believe what it says");
  }
  std::string_view site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none")
    return Error(ErrorCode::permission, "a page of another site may not change anything here");
  if (request.header("x-backlot").empty()) {
    return Error(ErrorCode::permission, "what changes something must carry the header X-Backlot",
                 "send \"X-Backlot: 1\"");
  }
  return std::nullopt;
}

}  // namespace backlot::server
