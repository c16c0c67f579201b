// Who may do what: hosts and origins that are ours, tokens, roles. Pure: no clock, no socket.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/server/http.h"

namespace backlot::server {

struct GuardOptions {
  std::vector<std::string> hosts;  ///< names that requests may be addressed to, without a port
  bool any_address = false;        ///< and as numeric addresses: no name that could be made to lead here
  std::string operator_token;      ///< empty: everybody is an operator (loopback only)
  std::string reader_token;        ///< empty: there is no token that only reads
};

/// The cookie that a page carries once it has given a token. Its value is the token.
inline constexpr std::string_view session_cookie = "backlot_session";

class Guard {
 public:
  explicit Guard(GuardOptions options) : options_(std::move(options)) {}

  /// What the request's bearer token, else its cookie, allows.
  Role role_of(const Request& request) const;
  /// What a token allows.
  Role role_of_token(std::string_view token) const;
  bool needs_token() const { return !options_.operator_token.empty(); }

  /// Why the request is refused before anything else is looked at; empty: it is not. Against DNS rebinding the Host
  /// must be one of ours; against forged requests from other sites whatever changes something must come from our own
  /// origin, or from no browser at all, and carry the header X-Backlot, which no form can send.
  std::optional<Error> refusal(const Request& request) const;

 private:
  bool is_ours(std::string_view host) const;
  GuardOptions options_;
};

/// "name:port", "[::1]:port" or without port: the name in lower case, without brackets.
std::string host_name(std::string_view host);
/// True when the texts are equal; takes as long for any two of the same length.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace backlot::server
