#include "backlot/server/run_messages.h"

#include <algorithm>

#include "backlot/server/columns.h"

namespace backlot::server {
namespace {

using client::Run;
using namespace std::chrono_literals;

constexpr std::size_t newest = 200;         ///< runs that are looked at whether they run or not
constexpr std::size_t most_removed = 1000;  ///< that are remembered
constexpr std::size_t most_changes = 5000;  ///< tasks in one message; more are fetched as columns

/// Without the heartbeat: that a run goes on is no news.
std::string fingerprint_of(const Run& run) {
  const RunRow& row = run.row();
  std::string text = std::to_string(row.events) + " " + std::to_string(static_cast<int>(run.status())) + " " +
                     std::to_string(row.ended);
  for (const std::string& tag : row.tags) text += " " + tag;
  return text;
}

}  // namespace

void WatchedList::see(const Run& run) {
  Seen& seen = seen_[run.key()];
  seen.is_active = run.row().state == RunState::running;
  std::string fingerprint = fingerprint_of(run);
  if (seen.fingerprint == fingerprint) return;
  seen.fingerprint = std::move(fingerprint);
  seen.pathspec = run.pathspec();
  seen.changed = ++sequence_;
}

void WatchedList::look() {
  RunFilter filter;
  filter.limit = newest;
  std::vector<Run> page = client_.runs(filter);
  const RunKey oldest = page.size() == newest ? page.back().key() : no_run;
  // Further back than the page reaches there may be runs that were never seen.
  if (!seen_.empty() && oldest > seen_.rbegin()->first) known_since_ = ++sequence_;
  for (auto run = page.rbegin(); run != page.rend(); ++run) see(*run);
  std::vector<RunKey> on_page;
  for (const Run& run : page) on_page.push_back(run.key());
  for (auto at = seen_.begin(); at != seen_.end();) {
    auto& [key, seen] = *at;
    bool listed = std::find(on_page.begin(), on_page.end(), key) != on_page.end();
    if (!listed && key < oldest && !seen.is_active) {  // has left the page, and ended
      at = seen_.erase(at);
      continue;
    }
    if (!listed) {
      if (auto run = client_.find_run(key)) {
        see(*run);
      } else {
        removed_.emplace_back(++sequence_, seen.pathspec);
        if (removed_.size() > most_removed) {
          known_since_ = removed_.front().first;
          removed_.pop_front();
        }
        at = seen_.erase(at);
        continue;
      }
    }
    ++at;
  }
}

Json WatchedList::changes(std::int64_t since) const {
  if (since < static_cast<std::int64_t>(known_since_)) return {{"reload", true}};
  const auto from = static_cast<std::uint64_t>(since);
  Json runs = Json::array(), removed = Json::array();
  for (auto at = seen_.rbegin(); at != seen_.rend(); ++at) {
    if (at->second.changed <= from) continue;
    if (auto run = client_.find_run(at->first)) runs.push_back(json_of_run(*run));
  }
  for (const auto& [when, pathspec] : removed_)
    if (when > from) removed.push_back(pathspec);
  Json json{{"runs", std::move(runs)}};
  if (!removed.empty()) json["removed"] = std::move(removed);
  return json;
}

WatchedRun::WatchedRun(const std::string& topic, const client::Client& client)
    : client_(client), spec_(Pathspec::parse(topic.substr(std::string_view("run/").size()))) {}

void WatchedRun::look() {
  run_.reset();
  fingerprint_ = "removed";
  run_ = client_.find_run(spec_.flow, std::get<std::int64_t>(*spec_.run));
  if (!run_) return;
  event_ = std::max(event_, run_->row().events);
  fingerprint_ = fingerprint_of(*run_);
}

Json WatchedRun::changes(std::int64_t since) {
  if (!run_) return {{"removed", true}};
  Json json{{"run", json_of_run(*run_)}};
  // How many tasks a foreach will have, and what they wait for, takes more reading than once a second is worth.
  auto now = std::chrono::steady_clock::now();
  if (described_event_ < 0 || now - described_ > 1s || run_->row().state != RunState::running) {
    described_ = now;
    expected_ = expected_tasks(*run_);
    waiting_ = json_of_waiting(*run_, expected_);
  }
  if (described_event_ != event_) steps_ = json_of_steps(*run_, expected_);
  described_event_ = event_;
  json["steps"] = steps_;
  json["waiting"] = waiting_;
  std::vector<client::Task> tasks = run_->changes(since, most_changes + 1);
  if (tasks.size() > most_changes) {
    json["reload"] = true;
    return json;
  }
  Json changed = Json::array();
  for (const client::Task& task : tasks) {
    if (task.row().event <= event_) changed.push_back(change_of(task.row(), run_->row().created));
  }
  json["tasks"] = std::move(changed);
  return json;
}

}  // namespace backlot::server
