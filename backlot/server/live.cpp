#include "backlot/server/live.h"

#include <malloc.h>

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "backlot/base/event_loop.h"
#include "backlot/server/change_feed.h"
#include "backlot/server/run_messages.h"

namespace backlot::server {
namespace {

using namespace std::chrono_literals;
using Message = std::shared_ptr<const std::string>;

constexpr auto shortest_pause = 250ms;
constexpr auto heartbeat = 15s;
constexpr auto lease_check = 2s;  ///< how often runs are looked at for a scheduler that died: that changes nothing
constexpr std::size_t most_waiting_bytes = 256 << 10;  ///< of a client that is slow; it catches up later
constexpr std::size_t most_topics = 64;                ///< of a stream

Message message_of(std::string_view event, const std::string& topic, const std::string& cursor, const Json& data) {
  std::string text = "event: ";
  text.append(event).append("\nid: ").append(topic).append("@").append(cursor).append("\ndata: ");
  text += data.dump(-1, ' ', false, Json::error_handler_t::replace);
  return std::make_shared<const std::string>(text + "\n\n");
}

std::int64_t event_of(const std::string& cursor) {
  std::int64_t number = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), number);
  return number;
}

}  // namespace

Topic parse_topic(std::string_view text) {
  std::size_t at = text.rfind('@');
  Topic topic{std::string(text.substr(0, at)), at == text.npos ? "" : std::string(text.substr(at + 1))};
  if (topic.name == "runs") return topic;
  if (topic.name.starts_with("run/")) {
    Pathspec spec = Pathspec::parse(std::string_view(topic.name).substr(4));
    if (spec.run && std::holds_alternative<std::int64_t>(*spec.run) && spec.step.empty()) return topic;
  }
  throw Error(ErrorCode::usage, "there is no topic \"" + topic.name + "\"", "runs, or run/Flow/7");
}

/// All of it belongs to its thread, but for what is said to be anybody's.
class Live::Hub {
 public:
  explicit Hub(const Home& home)
      : client_(home), change_feed_(home.catalog()), boot_(std::to_string(std::random_device()())), runs_(client_) {
    loop_.watch(change_feed_.descriptor(), Interest::read, [this](EventLoop::Ready) {
      if (!change_feed_.changed()) return;
      ++changes_;
      look_soon();
    });
    look();  // what is there already is no news
    every(heartbeat, [this] {
      send_heartbeats();
      malloc_trim(0);  // what large answers took would else stay with us: a server that rests should be small
    });
    every(lease_check, [this] {
      if (!viewers_.empty()) look_soon();
    });
  }

  void run() { loop_.run(); }

  // anybody's
  void stop() {
    loop_.post([this] {
      viewers_.clear();
      loop_.stop();
    });
  }
  void add(Viewing viewing) {
    if (viewing.topics.size() > most_topics) viewing.topics.resize(most_topics);
    loop_.post([this, viewing = std::move(viewing)]() mutable {
      // So that "from now on" means it: nobody has looked while nobody watched.
      if (viewers_.empty()) look();
      forget_if([&](const Viewer& other) { return !viewing.browser.empty() && other.browser == viewing.browser; });
      Viewer viewer{std::move(viewing.sink), {}, std::move(viewing.is_allowed), std::move(viewing.browser)};
      for (Topic& topic : viewing.topics) viewer.topics.push_back(begin(std::move(topic)));
      viewer.sink->send(std::make_shared<const std::string>(": this stream tells what changes\n\n"));
      viewers_.push_back(std::move(viewer));
      streams_ = viewers_.size();
      look_soon();
    });
  }
  std::string runs_cursor() const { return boot_ + "." + std::to_string(runs_sequence_); }
  LiveCounts counts() const { return {streams_, changes_, messages_}; }

 private:
  struct Watched {
    std::string name;
    std::int64_t cursor = 0;  ///< of the runs: the sequence; of a run: its event
    bool told = false;        ///< something was sent; what is first sent says how things stand
    bool reload = false;      ///< its cursor is of another life of this server
    std::string fingerprint;  ///< of what was last sent
  };
  struct Viewer {
    std::shared_ptr<EventSink> sink;
    std::vector<Watched> topics;
    std::function<bool()> is_allowed;
    std::string browser;
  };

  Watched begin(Topic topic) {
    Watched watched{std::move(topic.name), 0, false, false, {}};
    if (watched.name != "runs") {
      watched.cursor = event_of(topic.cursor);
      return watched;
    }
    std::size_t dot = topic.cursor.find('.');
    bool is_ours = topic.cursor.substr(0, dot) == boot_ && dot != topic.cursor.npos;
    watched.cursor = is_ours ? event_of(topic.cursor.substr(dot + 1)) : static_cast<std::int64_t>(runs_sequence_);
    watched.reload = !topic.cursor.empty() && !is_ours;
    return watched;
  }

  void every(std::chrono::nanoseconds pause, std::function<void()> work) {
    loop_.after(pause, [this, pause, work = std::move(work)] {
      work();
      every(pause, work);
    });
  }

  void look_soon() {
    if (viewers_.empty() || look_due_) return;
    look_due_ = true;
    auto since = std::chrono::steady_clock::now() - last_look_;
    auto wait = since >= shortest_pause ? 0ns : std::chrono::nanoseconds(shortest_pause - since);
    loop_.after(wait, [this] {
      look_due_ = false;
      last_look_ = std::chrono::steady_clock::now();
      look();
    });
  }

  void look() {
    messages_by_place_.clear();
    bool behind = false;
    std::set<std::string> wanted;
    for (Viewer& viewer : viewers_)
      for (Watched& topic : viewer.topics) wanted.insert(topic.name);
    try {
      wanted.erase("runs");
      runs_.look();
      runs_sequence_ = runs_.sequence();
      std::erase_if(watched_runs_, [&](const auto& run) { return !wanted.contains(run.first); });
      for (const std::string& name : wanted) watched_runs_.try_emplace(name, name, client_).first->second.look();
    } catch (const Error& e) {
      // The catalog cannot be read now, as when the disk is full: those who watch keep what they have.
      std::fprintf(stderr, "backlot serve: %s\n", e.what());
      return;
    }
    forget_refused();
    for (Viewer& viewer : viewers_)
      for (Watched& topic : viewer.topics) behind = !send_topic(viewer, topic) || behind;
    forget_gone();
    if (behind) look_soon();
  }

  /// False when the client is too slow to be told now.
  bool send_topic(Viewer& viewer, Watched& topic) {
    if (viewer.sink->waiting_bytes() > most_waiting_bytes) return false;
    return topic.name == "runs" ? send_runs(viewer, topic) : send_run(viewer, topic);
  }

  bool send_runs(Viewer& viewer, Watched& topic) {
    const auto now = static_cast<std::int64_t>(runs_.sequence());
    if (topic.told ? topic.cursor == now : topic.cursor == now && !topic.reload) return true;
    std::string from = topic.reload ? "reload" : std::to_string(topic.cursor);
    Message& message = messages_by_place_["runs@" + from];
    if (!message) {
      std::string cursor = runs_cursor();
      Json data{{"topic", "runs"}, {"cursor", cursor}};
      data.update(runs_.changes(topic.reload ? -1 : topic.cursor));
      message = message_of("runs", "runs", cursor, data);
    }
    send(viewer, message);
    topic = {topic.name, now, true, false, {}};
    return true;
  }

  bool send_run(Viewer& viewer, Watched& topic) {
    WatchedRun& run = watched_runs_.at(topic.name);
    if (topic.told && topic.cursor >= run.event() && topic.fingerprint == run.fingerprint()) return true;
    Message& message = messages_by_place_[topic.name + "@" + std::to_string(topic.cursor)];
    if (!message) {
      Json data{{"topic", topic.name}, {"cursor", std::to_string(run.event())}};
      data.update(run.changes(topic.cursor));
      message = message_of("run", topic.name, std::to_string(run.event()), data);
    }
    send(viewer, message);
    topic.told = true;
    topic.cursor = run.event();
    topic.fingerprint = run.fingerprint();
    return true;
  }

  void send(Viewer& viewer, const Message& message) {
    if (viewer.sink->send(message)) ++messages_;
  }

  void send_heartbeats() {
    forget_refused();
    auto beat = std::make_shared<const std::string>(": \n\n");
    for (Viewer& viewer : viewers_) viewer.sink->send(beat);
    forget_gone();
  }

  void forget_refused() {
    forget_if([](const Viewer& viewer) { return !viewer.is_allowed(); });
  }

  template <class Condition>
  void forget_if(Condition condition) {
    std::erase_if(viewers_, [&](Viewer& viewer) {
      if (!condition(viewer)) return false;
      viewer.sink->close();
      return true;
    });
    streams_ = viewers_.size();
  }

  void forget_gone() {
    static const auto nothing = std::make_shared<const std::string>();
    std::erase_if(viewers_, [](Viewer& viewer) { return !viewer.sink->send(nothing); });
    streams_ = viewers_.size();
    if (viewers_.empty()) watched_runs_.clear();
  }

  EventLoop loop_;
  client::Client client_;
  ChangeFeed change_feed_;
  const std::string boot_;
  WatchedList runs_;
  std::map<std::string, WatchedRun> watched_runs_;  ///< by topic
  std::vector<Viewer> viewers_;
  std::map<std::string, Message> messages_by_place_;  ///< of this look, by topic and cursor
  bool look_due_ = false;
  std::chrono::steady_clock::time_point last_look_{};
  std::atomic<std::uint64_t> runs_sequence_ = 0, streams_ = 0, changes_ = 0, messages_ = 0;
};

Live::Live(const Home& home) : hub_(std::make_unique<Hub>(home)), thread_([this] { hub_->run(); }) {}
Live::~Live() { end(); }
void Live::end() {
  if (!thread_.joinable()) return;
  hub_->stop();
  thread_.join();
}
void Live::add(Viewing viewing) { hub_->add(std::move(viewing)); }
std::string Live::runs_cursor() const { return hub_->runs_cursor(); }
LiveCounts Live::counts() const { return hub_->counts(); }

}  // namespace backlot::server
