// What is told to those who watch: each change of a run or of the list of runs, at most four times a second, computed
// once for all who watch the same (openapi.json, /api/v1/events).
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "backlot/home/home.h"
#include "backlot/server/http.h"

namespace backlot::server {

/// One thing that is watched, from a point on: "runs", or "run/Flow/7".
struct Topic {
  std::string name;
  std::string cursor;  ///< empty: from now on
};

/// "run/Flow/7@456" -> Topic. Throws Error usage.
Topic parse_topic(std::string_view text);

/// One who watches.
struct Viewing {
  std::shared_ptr<EventSink> sink;
  std::vector<Topic> topics;
  std::function<bool()> is_allowed;  ///< asked before each message and heartbeat, on Live's thread; false ends it
  std::string browser;  ///< a browser has one stream: an earlier one of the same name ends; empty: no matter
};

struct LiveCounts {
  std::uint64_t streams = 0;   ///< open now
  std::uint64_t changes = 0;   ///< of the catalog
  std::uint64_t messages = 0;  ///< sent
};

/// Has a thread and a connection of its own; sleeps while nothing changes and nobody comes. Thread-safe.
class Live {
 public:
  explicit Live(const Home& home);
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  /// Sends to the viewer what changes, until its client has gone.
  void add(Viewing viewing);
  /// A cursor for the topic "runs": what changes after this call comes after it.
  std::string runs_cursor() const;
  LiveCounts counts() const;
  /// Lets go of all streams and ends; what is added later is never told anything. Called before that goes to which the
  /// sinks belong.
  void end();

  class Hub;

 private:
  std::unique_ptr<Hub> hub_;
  std::thread thread_;
};

}  // namespace backlot::server
