// Who is asking, and what they may do: tokens that programs send, sessions that browsers carry, processes of our own
// account. Whoever is none of these is a stranger, from whatever machine.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "backlot/server/access_tokens.h"
#include "backlot/server/http.h"
#include "backlot/server/sessions.h"

namespace backlot::server {

/// Says on stderr who tried wrong tokens, and stops answering them for a while. Whether a token is right is decided
/// before: the right one is never made to wait. Thread-safe.
class WrongTokens {
 public:
  explicit WrongTokens(Clock& clock = system_clock()) : clock_(clock) {}
  /// Notes one; true when there were too many of that peer within the minute.
  bool note(const std::string& peer);

 private:
  struct Count {
    std::chrono::nanoseconds since{};
    int tries = 0;
  };
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Count> counts_;
};

struct AccessOptions {
  std::vector<TokenSource> tokens;
  double least_token_bits = 0;
  std::string sessions_file;  ///< Sessions
  std::string cookie;         ///< its name, which holds the port: cookies are shared by all ports of a host
};

/// Thread-safe.
class Access {
 public:
  explicit Access(AccessOptions options);

  /// What the request's bearer token, its session or its account allows: sets role and session. Returns a refusal when
  /// it came with a token that is wrong.
  std::optional<Response> identify(Request& request);
  /// Opens a session for a token, or for a one-time secret: 204 with the cookie, or a refusal. From is_opening_form() a
  /// redirect to the pages.
  Response open_session(const Request& request, const std::string& base);
  Response close_session(const Request& request, const std::string& base);
  /// Whether a role that a request once had is still given: its session is not over, its token not replaced.
  std::optional<Role> role_of_session(const std::string& id);
  /// Whether the caller of a request that was identified is still who it was: streams go on only as long.
  bool is_still_known(const std::string& session, const std::string& token_mark);

  OneTimeSecrets& one_time_secrets() { return one_time_; }

 private:
  Response with_session(Response response, const Request& request, const AccessTokens::Known& token,
                        const std::string& base);
  std::string cookie_text(const Request& request, const std::string& value, const std::string& base) const;
  Response wrong_token(const Request& request, const char* message, const char* hint);

  const std::string cookie_;
  AccessTokens tokens_;
  Sessions sessions_;
  OneTimeSecrets one_time_;
  WrongTokens wrong_;
};

/// A Problem with a status of its own.
Response refused(int status, const Error& why);

}  // namespace backlot::server
