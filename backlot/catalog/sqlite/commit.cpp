// One tick of a run's scheduler as one transaction. The cost follows what changed, never the size of the run.
#include <map>
#include <unordered_set>

#include "backlot/catalog/sqlite/sqlite_catalog.h"

namespace backlot {
namespace {

class CommitWriter {
 public:
  CommitWriter(Database& database, Names& names, const Commit& commit)
      : database_(database), names_(names), commit_(commit), run_(commit.lease.run) {}

  void write() {
    hold_lease();
    write_clones();
    for (const TaskRow& task : commit_.tasks) write_task(task);
    for (const AttemptRow& attempt : commit_.attempts) write_attempt(attempt);
    for (const Metadatum& datum : commit_.metadata) write_metadatum(datum);
    for (const Commit::CacheKey& cached : commit_.cache) write_cache_key(cached);
    for (std::int64_t id : commit_.consumed) {
      database_.execute("DELETE FROM request WHERE id=?1 AND run=?2", id, run_);
    }
    change_tags(database_, names_, run_, commit_.add_tags, commit_.remove_tags);
    for (const auto& [step, change] : steps_) write_step(step, change);
    write_run();
  }

 private:
  /// How this commit changes what is known of a step.
  struct StepChange {
    std::int64_t first_task = INT64_MAX, last_task = INT64_MIN;
    std::int64_t tasks = 0, done = 0, failed = 0, running = 0;
    std::optional<Micros> first_started, last_ended;

    void count(TaskState state, int sign) {
      tasks += sign;
      done += state == TaskState::done ? sign : 0;
      failed += state == TaskState::failed ? sign : 0;
      running += state == TaskState::running ? sign : 0;
    }
    void see(std::int64_t task) {
      first_task = std::min(first_task, task);
      last_task = std::max(last_task, task);
    }
    void see_times(Micros started, Micros ended) {
      if (started) first_started = std::min(first_started.value_or(started), started);
      if (ended) last_ended = std::max(last_ended.value_or(ended), ended);
    }
  };

  void hold_lease() {
    Cursor row = database_.query("SELECT events FROM run WHERE key=?1 AND fence=?2 AND lease_owner IS NOT NULL", run_,
                                 commit_.lease.fence);
    if (!row.next()) {
      throw Error(ErrorCode::lease_lost, "another scheduler has taken the run over, or it has ended",
                  "nothing more is written by this one");
    }
    events_ = row.integer();
    Cursor last = database_.query("SELECT ifnull(max(number), 0) FROM task WHERE run=?1", run_);
    last.next();
    last_before_ = last.integer();
  }

  void write_task(const TaskRow& task) {
    const bool written = !written_.insert(task.number).second;
    std::int64_t step = names_.intern(task.step);
    StepChange& change = steps_[step];
    const bool is_new = task.number > last_before_ && !written;  // most are: nothing to look up
    if (auto old = is_new ? std::nullopt : state_before(task, step)) {
      change.count(*old, -1);
      update(task);
    } else {
      insert(task, step);
    }
    change.count(task.state, +1);
    change.see(task.number);
    if (!task.is_clone()) change.see_times(task.started, task.ended);
  }

  /// Empty for a new task. A task never becomes another one.
  std::optional<TaskState> state_before(const TaskRow& task, std::int64_t step) {
    Cursor row = database_.query("SELECT state, step, path FROM task WHERE run=?1 AND number=?2", run_, task.number);
    if (!row.next()) return std::nullopt;
    auto state = row.as<TaskState>();
    bool same = row.integer() == step && row.view() == task.path;
    if (!same) {
      throw Error(ErrorCode::invalid,
                  "task " + std::to_string(task.number) + " is another one already, not of step " + task.step);
    }
    return state;
  }

  static std::optional<double> progress_of(const TaskRow& task) {
    return task.progress < 0 ? std::nullopt : std::optional(task.progress);
  }

  void insert(const TaskRow& t, std::int64_t step) {
    const std::int64_t inserted = database_.execute(
        "INSERT INTO task VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
        " ON CONFLICT(run, step, path) DO NOTHING",
        run_, t.number, step, Blob{t.path}, t.label, t.state, t.attempts, t.ready, t.started, t.ended, t.waiting,
        progress_of(t), t.note, t.origin, t.origin_task, ++events_, t.parents);
    if (inserted == 0) {
      throw Error(ErrorCode::exists,
                  "step " + t.step + " has a task with the path of task " + std::to_string(t.number));
    }
  }

  void update(const TaskRow& t) {
    database_.execute(
        "UPDATE task SET label=?3, state=?4, attempts=?5, ready=?6, started=?7, ended=?8, waiting=?9, progress=?10,"
        " note=?11, origin=?12, origin_task=?13, event=?14 WHERE run=?1 AND number=?2",
        run_, t.number, t.label, t.state, t.attempts, t.ready, t.started, t.ended, t.waiting, progress_of(t), t.note,
        t.origin, t.origin_task, ++events_);
  }

  void write_attempt(const AttemptRow& a) {
    require_task(a.task);
    database_.execute(
        "INSERT OR REPLACE INTO attempt VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
        " ?17, ?18)",
        run_, a.task, a.attempt, a.state, a.started, a.ended, a.usage.user_us, a.usage.system_us,
        a.usage.peak_rss_bytes, a.usage.source, a.log.begin, a.log.end, a.log.out_bytes, a.log.err_bytes,
        a.log.dropped_bytes, a.log.first_error, a.failure_signature, Blob{a.manifest});
  }

  void write_metadatum(const Metadatum& m) {
    if (m.task != 0) require_task(m.task);
    database_.execute("INSERT OR REPLACE INTO metadata VALUES(?1, ?2, ?3, ?4, ?5)", run_, m.task, m.attempt,
                      names_.intern(m.key), m.value);
  }

  void write_cache_key(const Commit::CacheKey& cached) {
    require_task(cached.task);
    database_.execute("INSERT OR REPLACE INTO cache VALUES(?1, ?2, ?3)", run_, cached.task, Blob{cached.key.view()});
  }

  void require_task(std::int64_t number) {
    if (written_.contains(number)) return;
    if (!database_.query("SELECT 1 FROM task WHERE run=?1 AND number=?2", run_, number).next()) {
      throw Error(ErrorCode::invalid, "there is no task " + std::to_string(number) + " in the run");
    }
    written_.insert(number);
  }

  /// Clones that follow each other here as their origins do there are copied by one statement a table.
  void write_clones() {
    const std::vector<Commit::Clone>& clones = commit_.clones;
    for (std::size_t begin = 0, end; begin < clones.size(); begin = end) {
      end = begin + 1;
      const std::int64_t step = end < clones.size() && stride(clones[begin], clones[end]) == 1 ? 1 : 0;
      while (end < clones.size() && follows(clones[end - 1], clones[end]) &&
             stride(clones[end - 1], clones[end]) == step) {
        ++end;
      }
      write_clones(clones[begin], static_cast<std::int64_t>(end - begin), step);
    }
  }

  static bool follows(const Commit::Clone& a, const Commit::Clone& b) {
    return b.number == a.number + 1 && b.origin_task == a.origin_task + 1 && a.manifest.empty() && b.manifest.empty();
  }
  /// Items of a foreach have one parent; what follows them follows each.
  static std::int64_t stride(const Commit::Clone& a, const Commit::Clone& b) { return b.parents - a.parents; }

  void write_clones(const Commit::Clone& first, std::int64_t count, std::int64_t step) {
    const std::int64_t from = first.origin_task, to = from + count - 1, shift = first.number - from;
    count_clones(from, to, shift);
    database_.execute(
        "INSERT INTO task SELECT ?1, number+?2, step, path, label, state, attempts, ready, started, ended, '',"
        " progress, note, iif(origin, origin, run), iif(origin, origin_task, number), ?3+number-?5, ?7+?8*(number-?5) "
        "FROM task"
        " WHERE run=?4 AND number BETWEEN ?5 AND ?6",
        run_, shift, events_ + 1, commit_.clone_from, from, to, first.parents, step);
    events_ += count;
    database_.execute(
        "INSERT INTO attempt SELECT ?1, task+?2, attempt, state, started, ended, user_us, system_us, peak_rss,"
        " usage_source, log_begin, log_end, log_out, log_err, log_dropped, log_first_error, signature, manifest"
        " FROM attempt WHERE run=?3 AND task BETWEEN ?4 AND ?5",
        run_, shift, commit_.clone_from, from, to);
    database_.execute(
        "INSERT INTO metadata SELECT ?1, task+?2, attempt, key, value FROM metadata WHERE run=?3 AND task BETWEEN ?4"
        " AND ?5",
        run_, shift, commit_.clone_from, from, to);
    for (std::int64_t number = first.number; number < first.number + count; ++number) written_.insert(number);
    if (first.manifest.empty()) {
      database_.execute("INSERT INTO cache SELECT ?1, task+?2, key FROM cache WHERE run=?3 AND task BETWEEN ?4 AND ?5",
                        run_, shift, commit_.clone_from, from, to);
    } else {  // the step cache knows the task by its way on: this one is of another
      database_.execute(
          "UPDATE attempt SET manifest=?3 WHERE run=?1 AND task=?2 AND attempt=(SELECT max(attempt) FROM attempt WHERE"
          " run=?1 AND task=?2)",
          run_, first.number, Blob{first.manifest});
    }
  }

  void count_clones(std::int64_t from, std::int64_t to, std::int64_t shift) {
    Cursor row = database_.query("SELECT number, step FROM task WHERE run=?1 AND number BETWEEN ?2 AND ?3 AND state=?4",
                                 commit_.clone_from, from, to, TaskState::done);
    for (std::int64_t number = from; number <= to; ++number) {
      if (!row.next() || row.integer() != number) {
        throw Error(ErrorCode::invalid,
                    "task " + std::to_string(number) + " of the origin run is not done: it cannot be cloned");
      }
      StepChange& change = steps_[row.integer()];
      change.count(TaskState::done, +1);
      change.see(number + shift);
    }
  }

  void write_step(std::int64_t step, const StepChange& c) {
    database_.execute(
        "INSERT INTO step VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO UPDATE SET"
        " first_task=min(first_task, excluded.first_task), last_task=max(last_task, excluded.last_task),"
        " tasks=tasks+excluded.tasks, done=done+excluded.done, failed=failed+excluded.failed,"
        " running=running+excluded.running,"
        " first_started=ifnull(min(first_started, excluded.first_started), ifnull(first_started, "
        "excluded.first_started)),"
        " last_ended=ifnull(max(last_ended, excluded.last_ended), ifnull(last_ended, excluded.last_ended))",
        run_, step, c.first_task, c.last_task, c.tasks, c.done, c.failed, c.running, c.first_started, c.last_ended);
  }

  void write_run() {
    StepChange sum;
    for (const auto& [step, change] : steps_) {
      sum.tasks += change.tasks;
      sum.done += change.done;
      sum.failed += change.failed;
    }
    database_.execute(
        "UPDATE run SET heartbeat=?2, events=?3, tasks=tasks+?4, tasks_done=tasks_done+?5, tasks_failed=tasks_failed+?6"
        " WHERE key=?1",
        run_, commit_.now, events_, sum.tasks, sum.done, sum.failed);
    if (!commit_.run_state) return;
    bool ended = *commit_.run_state != RunState::running;
    database_.execute(
        "UPDATE run SET state=?2, failure=?3, ended=iif(?4, ?5, 0), lease_owner=iif(?4, NULL, lease_owner) WHERE "
        "key=?1",
        run_, *commit_.run_state, commit_.run_failure, ended, commit_.now);
    if (ended) change_last_tags();
  }

  /// Tags that were asked for since the scheduler last looked: nobody would set them any more.
  void change_last_tags() {
    std::vector<std::pair<std::string, std::string>> asked;
    Cursor row = database_.query("SELECT kind, argument FROM request WHERE run=?1 ORDER BY id", run_);
    while (row.next()) asked.push_back({row.text(), row.text()});
    for (const auto& [kind, tag] : asked) {
      if (kind == "tag") change_tags(database_, names_, run_, {tag}, {});
      if (kind == "untag") change_tags(database_, names_, run_, {}, {tag});
    }
    if (!asked.empty()) database_.execute("DELETE FROM request WHERE run=?1", run_);
  }

  Database& database_;
  Names& names_;
  const Commit& commit_;
  const RunKey run_;
  std::int64_t events_ = 0;
  std::int64_t last_before_ = 0;  ///< the highest number of a task that the run had before this commit
  std::map<std::int64_t, StepChange> steps_;
  std::unordered_set<std::int64_t> written_;  ///< tasks known to exist
};

}  // namespace

void SqliteCatalog::commit(const Commit& commit) {
  transact([&] { CommitWriter(database_, names_, commit).write(); });
}

}  // namespace backlot
