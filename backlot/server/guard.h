// Which requests are answered at all: hosts that are ours, and nothing that another site's page sent. Pure: no clock,
// no socket. Who may do what is decided in access.h.
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
};

class Guard {
 public:
  explicit Guard(GuardOptions options) : options_(std::move(options)) {}

  /// Why the request is refused before anything else is looked at; empty: it is not. Against DNS rebinding the Host
  /// must be one of ours. Against forged requests of other sites whatever changes something must come from our own
  /// origin, or from no browser at all, and carry the header X-Backlot, which no form can send; and the API is read
  /// from our own pages or from no browser. Pages themselves are for everybody: links in mails and chats lead to them.
  std::optional<Error> refusal(const Request& request) const;

 private:
  bool is_ours(std::string_view host) const;
  GuardOptions options_;
};

/// The form of the page that `backlot serve` opens in a browser: the one POST that comes from no origin, without the
/// header. It can open a session by a one-time secret, and nothing else.
bool is_opening_form(const Request& request);

/// "name:port", "[::1]:port" or without port: the name in lower case, without brackets. Empty: it is no host.
std::string host_name(std::string_view host);

}  // namespace backlot::server
