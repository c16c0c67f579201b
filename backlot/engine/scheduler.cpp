// Starting tasks and stopping them. Their ends and commits are in scheduler_end.cpp.
#include "backlot/engine/scheduler.h"

#include <algorithm>

#include "backlot/value/item.h"
#include "backlot/value/utf8.h"

namespace backlot {
namespace {

// Rows of running tasks, progress and waiting reasons are written this often, a bare heartbeat every eighth time.
constexpr std::chrono::milliseconds tick_length{250};
// After so many launches past a task that did not fit, nothing smaller may overtake it any more.
constexpr int overtakes_allowed = 100;

// A range of a pure step is to take about this long: long enough to be cheap, short enough to lose little by a crash.
constexpr double range_ns = 30e6;
constexpr std::uint64_t largest_range = 1024, first_range = 8;

// Of what an attempt sends as metadata while it runs, so many bytes are held; its manifest has all of it.
constexpr std::size_t most_metadata = 1 << 20;

}  // namespace

Scheduler::Scheduler(RunSetup setup, RunWorld world)
    : setup_(std::move(setup)),
      world_(world),
      plan_(setup_.graph, setup_.parameters),
      frames_(world_.files, setup_.scratch, setup_.identity, setup_.graph, world_.blobs),
      budget_(setup_.capacity),
      jitter_(static_cast<std::uint64_t>(setup_.identity.run)),
      launches_(world_.executor, world_.timers, setup_.grace),
      waiting_(world_.timers, [this] { dispatch(); }),
      commits_({world_.committer, world_.timers, world_.clock, world_.log}, setup_.lease,
               {[this] { return can_gather(); },
                [this](CommitResult result, std::vector<FinishedAttempt> finished) {
                  committed(std::move(result), std::move(finished));
                }}),
      item_ns_(setup_.graph.nodes.size(), 0) {
  world_.executor.set_events(this);
}

Scheduler::~Scheduler() {
  world_.timers.cancel(ticker_);
  world_.timers.cancel(deadline_);
}

void Scheduler::start(std::function<void(const RunResult&)> on_end) {
  on_end_ = std::move(on_end);
  try {
    if (setup_.origin) clone_finished();
  } catch (const Error& e) { abort(e); }
  ticker_ = world_.timers.after(tick_length, [this] { tick(); });
  dispatch();
  end_if_over();
}

// Once, before anything runs, so that all clones are one transaction.
void Scheduler::clone_finished() {
  std::vector<Token> kept;
  for (bool more = true; more;) {
    more = false;
    for (NodeId node : plan_.ready()) {
      if (!setup_.origin->has_step(setup_.graph.node(node).name)) continue;
      while (plan_.ready_count(node) > 0) {
        Token token = plan_.take(node);
        if (clone(token))
          more = true;
        else
          kept.push_back(std::move(token));
      }
    }
  }
  for (Token& token : kept) plan_.put_back(std::move(token));
}

bool Scheduler::clone(Token& token) {
  const std::string& step = setup_.graph.node(token.node).name;
  const Origin::Finished* finished = setup_.origin->find(step, token.path, token.fresh);
  if (!finished) return false;
  TaskPtr task = new_task(std::move(token));
  commits_.next().clone_from = setup_.origin->run();
  commits_.next().clones.push_back(
      {finished->task, task->row.number, task->token.parents, finished->adapted ? finished->manifest : std::string()});
  ++result_.cloned;
  Manifest manifest = decode_manifest(finished->manifest);
  task->row.origin_task = finished->task;
  report(TaskEvent::Kind::cloned, *task, nullptr, {}, &manifest);
  if (!is_too_wide(*task, manifest)) follow(*task, manifest, false);
  flush_soon();
  return true;
}

// Its rows are committed like those of a task that ran; it counts as done when they are.
bool Scheduler::take_cached(Token& token) {
  auto hit = setup_.cache->find(frames_.frame_of(token, 0));
  if (!hit) return false;
  TaskPtr task = new_task(std::move(token));
  task->row.state = TaskState::done;
  task->row.started = task->row.ended = task->row.ready;
  task->row.origin = hit->run;
  task->row.origin_task = hit->task;
  commits_.next().cache.push_back({task->row.number, hit->key});
  record(*task, TaskState::done, hit->manifest, {});
  report(TaskEvent::Kind::cached, *task);
  commits_.finished({std::move(task), std::move(hit->manifest), false});
  return true;
}

void Scheduler::dispatch() {
  auto full = [this] { return commits_.uncommitted() >= setup_.most_uncommitted; };
  while (!stopping_ && !full() && (dispatch_again() || dispatch_ready())) {}
}

bool Scheduler::dispatch_again() {
  TaskPtr task = waiting_.take([this](const TaskUnderWay& t) { return budget_.waits_for(node_of(t).with).empty(); });
  if (!task) return false;
  launch(std::move(task));
  return true;
}

bool Scheduler::dispatch_ready() {
  bool overtaking = false;
  for (NodeId node : plan_.ready()) {
    std::string waits = budget_.waits_for(setup_.graph.node(node).with);
    if (waits == "workers") return false;
    if (!waits.empty()) {
      overtaking = overtaking || !waits.starts_with("pool ");
      if (overtaking && skipped_ >= overtakes_allowed) return false;
      continue;
    }
    skipped_ = overtaking ? skipped_ + 1 : 0;
    std::vector<TaskPtr> tasks = take_range(node);
    if (!tasks.empty()) launch(std::move(tasks));
    return true;
  }
  return false;
}

// One task, or for a pure step as many items of a foreach as one process is worth. Empty when it was cloned.
std::vector<TaskPtr> Scheduler::take_range(NodeId node) {
  const Decorators& with = setup_.graph.node(node).with;
  std::uint64_t most = 1;
  if (with.pure && with.timeout.count() == 0 && with.environment.empty()) {
    double each = item_ns_[node.index()];
    most = std::min(each > 0 ? static_cast<std::uint64_t>(range_ns / each) + 1 : first_range, largest_range);
  }
  std::vector<TaskPtr> tasks;
  const Plan::Item first = most > 1 ? plan_.next_item(node) : Plan::Item();
  for (std::uint64_t i = 0; i < most; ++i) {
    if (i > 0) {  // a range is of items that follow each other in one list
      const Plan::Item next = plan_.next_item(node);
      if (!first.fan_out || next.fan_out != first.fan_out || next.index != first.index + i) break;
    }
    Token token = plan_.take(node);
    if (setup_.origin && clone(token)) break;
    if (setup_.cache && with.cache && take_cached(token)) break;
    tasks.push_back(new_task(std::move(token)));
  }
  return tasks;
}

TaskPtr Scheduler::new_task(Token token) {
  auto task = std::make_unique<TaskUnderWay>();
  task->token = std::move(token);
  task->row.number = next_number_++;
  task->row.step = node_of(*task).name;
  task->row.path = task->token.path.key();
  task->row.parents = task->token.parents;
  task->row.ready = world_.clock.now();
  ++result_.tasks;
  return task;
}

void Scheduler::launch(TaskPtr task) {
  std::vector<TaskPtr> one;
  one.push_back(std::move(task));
  launch(std::move(one));
}

void Scheduler::launch(std::vector<TaskPtr> tasks) {
  const TaskUnderWay& first = *tasks.front();
  const Node& node = node_of(first);
  TaskFrame frame = frames_.frame_of(first.token, first.row.number);
  frame.attempt = first.row.attempts;
  frame.caught = first.caught;
  frame.range = tasks.size();
  if (!frame.items.empty() && frame.items.back().item) tasks.front()->row.label = item_label(*frame.items.back().item);
  Launch launch;
  launch.id = next_launch_;
  ++next_launch_;
  launch.frame = encode(frame);
  launch.resources = budget_.charge(node.with);
  launch.environment = node.with.environment;
  budget_.acquire(node.with);
  const Duration timeout = first.caught ? Duration{0} : node.with.timeout;
  for (TaskPtr& task : tasks) {
    task->row.state = TaskState::running;
    task->row.waiting.clear();
    task->row.note.clear();
    task->row.progress = -1;
    task->row.started = world_.clock.now();
    task->recorded = false;
    task->log = {};
    report(TaskEvent::Kind::started, *task);
  }
  LiveLaunch live;
  live.tasks = std::move(tasks);
  live.launched = world_.clock.monotonic();
  launches_.start(std::move(launch), std::move(live), timeout);
}

void Scheduler::stop(StopRun how, Duration deadline) {
  if (over_) return;
  stopping_ = true;
  if (result_.state == RunState::running) result_.state = RunState::cancelled;
  if (how == StopRun::gently) launches_.stop(Stop::gently);
  if (how == StopRun::now) launches_.stop(Stop::now);
  if (deadline.count() > 0) {
    world_.timers.cancel(deadline_);
    deadline_ = world_.timers.after(deadline, [this] { launches_.stop(Stop::gently); });
  }
  end_if_over();
}

void Scheduler::on_started(LaunchId id, Micros at, std::int64_t pid) {
  LiveLaunch* live = launches_.find(id);
  if (!live) return;
  for (TaskPtr& task : live->tasks) {
    task->row.started = at;
    world_.observer.on_process(task->row.step, task->row.number, task->row.attempts, pid);
  }
}

void Scheduler::on_output(LaunchId id, Stream stream, std::string_view bytes) {
  LiveLaunch* live = launches_.find(id);
  if (!live) return;
  TaskUnderWay& task = live->first();
  try {
    world_.log.add(task.log, task.row.number, task.row.attempts, stream, bytes);
    world_.observer.on_output(task.row.step, task.token.path, task.row.number, stream, bytes);
  } catch (const Error& e) { abort(e.in("log")); }
}

void Scheduler::on_label(LaunchId id, std::string_view label) {
  if (LiveLaunch* live = launches_.find(id)) live->first().row.label = label;
}

void Scheduler::on_progress(LaunchId id, double share, std::string_view note) {
  LiveLaunch* live = launches_.find(id);
  if (!live) return;
  TaskUnderWay& task = live->first();
  TaskRow& row = task.row;
  row.progress = share;
  row.note = note;
  task.recorded = false;
  world_.observer.on_progress(row.step, row.number, share, note);
}

void Scheduler::on_metadata(LaunchId id, std::string_view key, std::string_view value) {
  LiveLaunch* live = launches_.find(id);
  if (!live) return;
  live->metadata_bytes += key.size() + value.size();
  if (live->metadata_bytes <= most_metadata) live->metadata[repaired_utf8(key)] = repaired_utf8(value);
}

void Scheduler::tick() {
  ticker_ = world_.timers.after(tick_length, [this] { tick(); });
  world_.observer.on_tick();
  park_waiting();
  for (auto& [id, live] : launches_) {
    for (TaskPtr& task : live.tasks) {
      if (task->recorded) continue;
      commits_.next().tasks.push_back(task->row);
      task->recorded = true;
    }
  }
  if (!commits_.next().tasks.empty() || ++idle_ticks_ % 8 == 0) flush_soon();
}

// Of what is ready and does not fit, one task a step gets its row, so that anyone can read what the run waits for.
void Scheduler::park_waiting() {
  if (stopping_) return;
  for (NodeId node : plan_.ready()) {
    std::string waits = budget_.waits_for(setup_.graph.node(node).with);
    if (waits.empty() || waits == "workers" || waiting_.has_ready(node)) continue;
    TaskPtr task = new_task(plan_.take(node));
    task->row.waiting = waits;
    commits_.next().tasks.push_back(task->row);
    waiting_.add(std::move(task));
  }
}

void Scheduler::report(TaskEvent::Kind kind, const TaskUnderWay& task, const Failure* failure, Duration delay,
                       const Manifest* manifest) {
  world_.observer.on_task({kind, task.token.node, task.row.step, task.token.path, task.row.number, task.row.attempts,
                           failure, delay, manifest, task.row.origin_task});
}

}  // namespace backlot
