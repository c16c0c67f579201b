// Browsers that have shown a token: what each may do, and until when.
#pragma once
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "backlot/base/clock.h"
#include "backlot/server/http.h"

namespace backlot::server {

constexpr std::chrono::hours session_life{7 * 24}, session_idle_life{24};

/// Thread-safe. Of a session's id only the mark is kept, in memory and in the file.
class Sessions {
 public:
  /// `file`: what keeps them over a restart (mode 0600); empty: nothing does.
  explicit Sessions(std::string file, Clock& clock = system_clock());

  struct Session {
    Role role = Role::none;
    std::string token_mark;  ///< of the token that opened it: it ends with that
    Micros opened = 0;
    Micros used = 0;
  };
  /// A new one; returns its id, the value of the cookie.
  std::string open(Role role, std::string token_mark);
  /// Empty when there is none, or it is over.
  std::optional<Session> find(std::string_view id);
  void close(std::string_view id);

 private:
  bool is_over(const Session& session) const;
  void load();
  void save();

  const std::string file_;
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Session, std::less<>> sessions_;  ///< by mark_of(id)
  Micros saved_ = 0;
};

/// Secrets that open one session each, once, within their time. Thread-safe.
class OneTimeSecrets {
 public:
  explicit OneTimeSecrets(Clock& clock = system_clock()) : clock_(clock) {}
  std::string make(std::chrono::seconds life);
  /// True the first time, within its life.
  bool redeem(std::string_view secret);
  /// Whether any was redeemed yet.
  bool any_redeemed();

 private:
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, std::chrono::nanoseconds, std::less<>> ends_;  ///< by mark
  bool any_redeemed_ = false;
};

}  // namespace backlot::server
