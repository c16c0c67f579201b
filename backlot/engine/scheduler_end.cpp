// How attempts end, and what is committed of them.
#include <algorithm>
#include <cctype>
#include <cmath>

#include "backlot/base/summary_line.h"
#include "backlot/engine/scheduler.h"
#include "backlot/flow/run_frame.h"
#include "backlot/value/failure_signature.h"

namespace backlot {
namespace {

constexpr std::size_t failures_listed = 20;

std::string left_out_of(const AttemptLog& log) {
  return std::to_string(log.index.dropped_bytes) + " bytes of its log were left out";
}

// What the items of a range left; nothing when its process did not end well, or wrote nonsense over its own memory.
std::vector<RangeItem> items_of(const Exit& exit) {
  if (!exit.manifest || exit.by_signal || exit.code != 0) return {};
  try {
    return decode_range(*exit.manifest);
  } catch (const Error&) { return {}; }
}

}  // namespace

void Scheduler::on_exit(LaunchId id, Exit&& exit) {
  LiveLaunch live = launches_.take(id);
  const Decorators& with = node_of(*live.tasks.front()).with;
  budget_.release(with);
  for (TaskPtr& task : live.tasks) task->row.ended = world_.clock.now();
  if (live.tasks.size() > 1) {
    range_ended(std::move(live), exit);
  } else {
    Manifest manifest = outcome_of(exit, {live.timed_out, live.cancelled, with.timeout}, live.metadata);
    ended(std::move(live.tasks.front()), std::move(manifest), exit);
  }
  dispatch();
  commits_.look_again();
  end_if_over();
}

// A range whose process did not end well is run again one by one, so that only the culprit fails.
void Scheduler::range_ended(LiveLaunch live, const Exit& exit) {
  std::vector<RangeItem> items = items_of(exit);
  double count = static_cast<double>(live.tasks.size());
  Exit share = exit;
  share.usage.user_us /= static_cast<std::int64_t>(live.tasks.size());
  share.usage.system_us /= static_cast<std::int64_t>(live.tasks.size());
  double& each = item_ns_[live.tasks.front()->token.node.index()];
  double took = static_cast<double>((world_.clock.monotonic() - live.launched).count()) / count;
  each = each > 0 ? 0.7 * each + 0.3 * took : took;
  for (std::size_t i = 0; i < live.tasks.size(); ++i) {
    TaskPtr& task = live.tasks[i];
    if (items.size() == live.tasks.size()) {
      share.manifest = std::move(items[i].manifest);
      task->row.label = std::move(items[i].label);
      ended(std::move(task), outcome_of(share, {}), share);
    } else if (live.cancelled || stopping_) {
      ended(std::move(task), outcome_of(exit, {.cancelled = true}), share);
    } else {
      waiting_.add(std::move(task));
    }
  }
}

void Scheduler::ended(TaskPtr task, Manifest manifest, const Exit& exit) {
  if (manifest.failure)
    failed(std::move(task), std::move(manifest), exit);
  else
    succeeded(std::move(task), std::move(manifest), exit);
}

void Scheduler::record(TaskUnderWay& task, TaskState attempt_state, const Manifest& manifest, const Exit& exit) {
  try {
    world_.log.end(task.log, task.row.number, task.row.attempts);
  } catch (const Error& e) { abort(e.in("log")); }
  if (task.log.index.dropped_bytes > 0) task.row.note += (task.row.note.empty() ? "" : "; ") + left_out_of(task.log);
  AttemptRow attempt;
  attempt.task = task.row.number;
  attempt.attempt = task.row.attempts;
  attempt.state = attempt_state;
  attempt.started = task.row.started;
  attempt.ended = task.row.ended;
  attempt.usage = exit.usage;
  attempt.log = task.log.index;
  if (manifest.failure) attempt.failure_signature = failure_signature(*manifest.failure);
  for (auto& [key, value] : manifest.metadata) {
    commits_.next().metadata.push_back({task.row.number, task.row.attempts, key, value});
  }
  attempt.manifest = encode(manifest);
  commits_.next().attempts.push_back(std::move(attempt));
  commits_.next().tasks.push_back(task.row);
  ++commits_.next().tasks.back().attempts;
  commits_.need(blobs_of(manifest));
  flush_soon();
}

void Scheduler::succeeded(TaskPtr task, Manifest manifest, const Exit& exit) {
  task->row.state = TaskState::done;
  record(*task, TaskState::done, manifest, exit);
  offer_to_cache(*task);
  commits_.finished({std::move(task), std::move(manifest)});
}

void Scheduler::offer_to_cache(const TaskUnderWay& task) {
  if (!setup_.cache || !node_of(task).with.cache || task.caught) return;
  auto key = setup_.cache->key(task.token.node, items_around(setup_.graph, task.token));
  if (key) commits_.next().cache.push_back({task.row.number, *key});
}

// A process that died could not say why: its log says so in its place.
void Scheduler::log_failure(TaskUnderWay& task, const Failure& failure) {
  Failure told = failure;
  if (!told.message.empty()) told.message[0] = static_cast<char>(std::tolower(told.message[0]));
  try {
    world_.log.add(task.log, task.row.number, task.row.attempts, Stream::err, "task failed: " + describe(told) + "\n");
  } catch (const Error& e) { abort(e.in("log")); }
}

void Scheduler::failed(TaskPtr task, Manifest manifest, const Exit& exit) {
  const Failure failure = *manifest.failure;
  const Decorators& with = node_of(*task).with;
  bool again = !stopping_ && !task->caught && !exit.executor_lost;  // else `resume` has all its attempts
  bool retried = again && task->row.attempts < with.retry.times &&
                 (with.retry.kinds >> static_cast<unsigned>(failure.kind) & 1) != 0;
  bool caught = again && !retried && !with.catch_into.empty() && failure.kind != FailureKind::cancelled;
  task->row.state = retried || caught                        ? TaskState::ready
                    : failure.kind == FailureKind::cancelled ? TaskState::cancelled
                                                             : TaskState::failed;
  if (!exit.manifest && failure.kind != FailureKind::cancelled) log_failure(*task, failure);
  record(*task, failure.kind == FailureKind::cancelled ? TaskState::cancelled : TaskState::failed, manifest, exit);
  if (retried) return retry(std::move(task), failure);
  if (caught) {
    report(TaskEvent::Kind::caught, *task, &failure);
    ++task->row.attempts;
    task->caught = failure;
    waiting_.add(std::move(task));
    return;
  }
  give_up(*task, failure);
}

void Scheduler::retry(TaskPtr task, const Failure& failure) {
  const Retry& retry = node_of(*task).with.retry;
  double wait = static_cast<double>(retry.delay.count()) * std::pow(retry.backoff, task->row.attempts);
  wait *= 1 + retry.jitter * std::uniform_real_distribution<double>(-1, 1)(jitter_);
  Duration delay{static_cast<Duration::rep>(wait)};
  report(TaskEvent::Kind::retrying, *task, &failure, delay);
  ++task->row.attempts;
  if (delay.count() <= 0) return waiting_.add(std::move(task));
  task->row.waiting = "retry in " + std::to_string((delay.count() + 999) / 1000) + " s";
  commits_.next().tasks.push_back(task->row);
  waiting_.add(std::move(task), delay);
}

void Scheduler::give_up(const TaskUnderWay& task, const Failure& failure) {
  report(TaskEvent::Kind::failed, task, &failure);
  if (failure.kind == FailureKind::cancelled) return;
  const std::string log = task.log.index.dropped_bytes > 0 ? "; " + left_out_of(task.log) : "";
  fail_run(task.row.step + "/" + task.token.path.text() + ": " + summary_line(describe(failure)) + log);
}

// Starts nothing more; what runs may end, or is stopped. With keep_going only what follows is not started: the branch
// that failed arrives nowhere, so that its join waits for ever.
void Scheduler::fail_run(std::string text) {
  if (result_.failure.empty()) result_.failure = text;
  ++result_.failures;
  if (result_.failed.size() < failures_listed) result_.failed.push_back(std::move(text));
  if (setup_.keep_going) return;
  bool first = !stopping_;
  stopping_ = true;
  if (result_.state == RunState::running) result_.state = RunState::failed;
  if (!first || !setup_.cancel_on_failure) return;
  if (setup_.failure_grace.count() <= 0) return launches_.stop(Stop::gently);
  world_.timers.cancel(deadline_);
  deadline_ = world_.timers.after(setup_.failure_grace, [this] { launches_.stop(Stop::gently); });
}

// The task itself is done, and is not run again when the run is resumed with a higher limit.
bool Scheduler::is_too_wide(const TaskUnderWay& task, const Manifest& manifest) {
  const auto& fan_out = manifest.next.fan_out;
  if (setup_.most_splits == 0 || !fan_out || fan_out->count <= setup_.most_splits) return false;
  fail_run(task.row.step + "/" + task.token.path.text() + ": its foreach has " + std::to_string(fan_out->count) +
           " items, more than the limit of " + std::to_string(setup_.most_splits));
  return true;
}

void Scheduler::follow(TaskUnderWay& task, const Manifest& manifest, bool ran) {
  Plan::Advance advance = frames_.follow(plan_, std::move(task.token), task.row.number, manifest, ran);
  if (advance.opened) world_.observer.on_fan_out(advance.fan_out->node, advance.fan_out->count);
}

void Scheduler::flush_soon() {
  idle_ticks_ = 0;
  commits_.flush_soon();
}

// Nobody waits for what has ended: every worker has something to do, and more is ready.
bool Scheduler::can_gather() const {
  return !stopping_ && budget_.full() && (plan_.has_ready() || waiting_.has_ready());
}

void Scheduler::committed(CommitResult result, std::vector<FinishedAttempt> finished) {
  if (final_sent_) {
    if (result.error) {  // its end is not in the catalog: it has not ended well
      result_.state = RunState::failed;
      if (!result_.error) result_.error = result.error;
    }
    over_ = true;
    commits_.close();
    world_.timers.cancel(ticker_);
    world_.timers.cancel(deadline_);
    return on_end_(result_);
  }
  if (result.error) return abort(*result.error);
  try {
    for (FinishedAttempt& d : finished) {
      if (d.ran) report(TaskEvent::Kind::done, *d.task, nullptr, {}, &d.manifest);
      if (!is_too_wide(*d.task, d.manifest)) follow(*d.task, d.manifest, true);
    }
  } catch (const Error& e) { return abort(e); }
  carry_out(result.requests);
  dispatch();
  if (commits_.has_rows()) flush_soon();
  end_if_over();
}

// We cannot keep what tasks do any more: nothing new is started, what runs is killed, what is committed stays.
void Scheduler::abort(const Error& error) {
  if (!result_.error) result_.error = error;
  result_.state = RunState::failed;
  if (result_.failure.empty()) result_.failure = error.what();
  stopping_ = true;
  launches_.stop(Stop::now);
  end_if_over();
}

void Scheduler::carry_out(const std::vector<ControlRequest>& requests) {
  // One commit takes in many requests: of those for one tag the last one holds.
  auto move_tag = [](const std::string& tag, std::vector<std::string>& from, std::vector<std::string>& to) {
    std::erase(from, tag);
    to.push_back(tag);
  };
  for (const ControlRequest& request : requests) {
    commits_.next().consumed.push_back(request.id);
    if (request.kind == "tag") move_tag(request.argument, commits_.next().remove_tags, commits_.next().add_tags);
    if (request.kind == "untag") move_tag(request.argument, commits_.next().add_tags, commits_.next().remove_tags);
    if (request.kind == "cancel") {
      world_.observer.on_notice("cancelled by " + request.user);
      stop(StopRun::gently);
    }
  }
  if (!requests.empty()) flush_soon();
}

void Scheduler::end_if_over() {
  if (over_ || final_sent_ || commits_.is_in_flight() || !launches_.empty() || commits_.has_finished()) return;
  if (!stopping_ && !plan_.complete()) {
    if (plan_.has_ready() || !waiting_.empty()) return;
    if (result_.failed.empty()) return abort({ErrorCode::internal, "nothing is ready and the flow has not ended"});
    result_.state = RunState::failed;
    stopping_ = true;
  }
  for (TaskPtr& task : waiting_.take_all()) {
    task->row.state = TaskState::cancelled;
    task->row.waiting.clear();
    commits_.next().tasks.push_back(task->row);
  }
  if (!stopping_) result_.state = RunState::done;
  commits_.next().run_state = result_.state;
  commits_.next().run_failure = result_.failure;
  final_sent_ = true;
  commits_.flush();
}

}  // namespace backlot
