// What there is to tell of runs that are watched: the list of runs, and one run, since a point. Not thread-safe.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "backlot/server/api.h"

namespace backlot::server {

/// The newest runs and those that run: numbers their changes.
class WatchedList {
 public:
  explicit WatchedList(const client::Client& client) : client_(client) {}
  /// Looks at the catalog, and numbers what is new.
  void look();
  std::uint64_t sequence() const { return sequence_; }
  /// The members `runs` and `removed` of a RunsEvent with what changed after `since`, or `reload`; -1: reload.
  Json changes(std::int64_t since) const;

 private:
  struct Seen {
    std::string fingerprint, pathspec;
    std::uint64_t changed = 0;
    bool is_active = false;
  };
  void see(const client::Run& run);

  const client::Client& client_;
  std::map<RunKey, Seen> seen_;
  std::deque<std::pair<std::uint64_t, std::string>> removed_;
  std::uint64_t sequence_ = 0;
  std::uint64_t known_since_ = 0;  ///< changes before it may have been missed
};

/// One run, with its steps and the tasks that change.
class WatchedRun {
 public:
  /// `topic`: "run/Flow/7".
  WatchedRun(const std::string& topic, const client::Client& client);
  void look();
  /// Number of the last event of the run at the last look.
  std::int64_t event() const { return event_; }
  /// Differs when the run's row does, the tasks left out.
  const std::string& fingerprint() const { return fingerprint_; }
  /// The members of a RunEvent, with the tasks that changed after the event `since`.
  Json changes(std::int64_t since);

 private:
  const client::Client& client_;
  const Pathspec spec_;
  std::optional<client::Run> run_;
  std::int64_t event_ = 0;
  std::string fingerprint_;
  std::chrono::steady_clock::time_point described_{};  ///< when steps_ and waiting_ were read
  std::int64_t described_event_ = -1;
  ExpectedTasks expected_;
  Json steps_, waiting_;
};

}  // namespace backlot::server
