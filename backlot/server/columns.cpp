#include "backlot/server/columns.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "backlot/server/api.h"

namespace backlot::server {
namespace {

constexpr std::size_t most_rows = 10'000;
constexpr std::size_t most_retried = 2'000;  ///< tasks whose earlier attempts are told

class Writer {
 public:
  explicit Writer(const client::Run& run) : run_(run), origin_(run.row().created) {}

  void add(const client::Task& of) {
    const TaskRow& task = of.row();
    add_step(task.step);
    numbers_.push_back(task.number - last_number_);
    last_number_ = task.number;
    state_ += static_cast<char>('0' + static_cast<int>(task.state));
    std::int64_t ready = std::max<std::int64_t>(millis_after(origin_, task.ready), 0);
    ready_.push_back(ready - last_ready_);
    last_ready_ = ready;
    std::int64_t started = millis_after(origin_, task.started), ended = millis_after(origin_, task.ended);
    started_.push_back(started < 0 ? -1 : std::max<std::int64_t>(started - ready, 0));
    ended_.push_back(ended < 0 || started < 0 ? -1 : std::max<std::int64_t>(ended - started, 0));
    if (task.attempts != 1) attempts_.push_back({index_, task.attempts});
    if (task.attempts > 1 && retried_++ < most_retried) add_earlier(of);
    if (task.is_clone()) add_clone();
    ++index_;
  }

  Json finish(bool more) {
    return {{"event", run_.row().events},
            {"origin", rfc3339(origin_)},
            {"steps", steps_},
            {"numbers", std::move(numbers_)},
            {"step", std::move(step_)},
            {"state", state_},
            {"ready", std::move(ready_)},
            {"started", std::move(started_)},
            {"ended", std::move(ended_)},
            {"attempts", std::move(attempts_)},
            {"cloned", std::move(cloned_)},
            {"earlier", std::move(earlier_)},
            {"more", more}};
  }

 private:
  void add_step(const std::string& step) {
    auto at = std::find(steps_.begin(), steps_.end(), step);
    if (at == steps_.end()) at = steps_.insert(steps_.end(), step);
    auto number = at - steps_.begin();
    if (step_.empty() || step_.back()[0] != number) step_.push_back({number, 0});
    step_.back()[1] = step_.back()[1].get<std::int64_t>() + 1;
  }
  void add_clone() {
    if (!cloned_.empty() && cloned_.back()[0].get<std::int64_t>() + cloned_.back()[1].get<std::int64_t>() == index_) {
      cloned_.back()[1] = cloned_.back()[1].get<std::int64_t>() + 1;
    } else {
      cloned_.push_back({index_, 1});
    }
  }
  void add_earlier(const client::Task& task) {
    std::vector<AttemptRow> attempts = task.attempts();
    for (std::size_t i = 0; i + 1 < attempts.size(); ++i) {
      const AttemptRow& a = attempts[i];
      earlier_.push_back({task.number(), a.attempt, millis_after(origin_, a.started), millis_after(origin_, a.ended),
                          static_cast<int>(a.state)});
    }
  }

  const client::Run& run_;
  const Micros origin_;
  std::vector<std::string> steps_;
  std::vector<std::int64_t> numbers_, ready_, started_, ended_;
  std::string state_;
  Json step_ = Json::array(), attempts_ = Json::array(), cloned_ = Json::array(), earlier_ = Json::array();
  std::int64_t index_ = 0, last_number_ = 0, last_ready_ = 0;
  std::size_t retried_ = 0;
};

}  // namespace

// The run's row was read before its tasks: a change in between is told again by the stream from that event on.
Json columns_of(const client::Run& run, std::int64_t after, std::size_t limit) {
  Writer writer(run);
  for (;;) {
    std::vector<client::Task> page = run.tasks(after, std::min(most_rows, limit + 1));
    for (const client::Task& task : page) {
      if (limit == 0) return writer.finish(true);
      writer.add(task);
      after = task.number();
      --limit;
    }
    if (page.size() < most_rows) return writer.finish(false);
  }
}

Json change_of(const TaskRow& task, Micros origin) {
  return Json::array({task.number, task.step, static_cast<int>(task.state), millis_after(origin, task.ready),
                      millis_after(origin, task.started), millis_after(origin, task.ended), task.attempts,
                      task.progress < 0 ? -1 : task.progress});
}

}  // namespace backlot::server
