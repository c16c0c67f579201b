// The catalog: what ran. Flows, runs, steps, tasks, attempts, tags, events (docs/formats/catalog.md).
// One writer per run, fenced by the run's lease; any number of readers.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backlot/base/clock.h"
#include "backlot/base/digest.h"
#include "backlot/base/error.h"
#include "backlot/base/strong_number.h"
#include "backlot/value/manifest.h"

namespace backlot {

/// The catalog's own integer for a run; dense, never reused. People see (flow, run id).
using RunKey = StrongNumber<struct RunKeyTag, std::int64_t>;
inline constexpr RunKey no_run{0};

enum class RunState : std::uint8_t { running = 0, done = 1, failed = 2, cancelled = 3 };
enum class TaskState : std::uint8_t { ready = 0, running = 1, done = 2, failed = 3, cancelled = 4 };
std::string_view name_of(RunState state);
std::string_view name_of(TaskState state);

struct RunRow;

struct NewRun {
  std::string flow;
  std::int64_t run_id = 0;  ///< wanted id, usually the time in microseconds; the next free one is taken
  std::string user, host, ns, project, branch;
  std::vector<std::string> tags, system_tags;
  std::string code;   ///< hex digest of the code blob; empty: unknown
  std::string graph;  ///< encode(Graph)
  std::vector<NamedReference> parameters;
  RunKey origin = no_run, parent = no_run;  ///< no_run: none; the resumed run, the triggering run
  Micros now = 0;
  /// Given: while a run lives, says this, neither it nor another one that resumes it may be resumed.
  std::function<bool(const RunRow&)> lives{};
};

struct RunRow {
  RunKey key = no_run;
  std::string flow;
  std::int64_t run_id = 0;
  RunState state = RunState::running;
  std::string user, host, ns, project, branch, code;
  RunKey origin = no_run, parent = no_run;
  Micros created = 0, ended = 0;  ///< ended 0: not yet
  std::int64_t fence = 0;
  std::string lease_owner;  ///< "host/pid/boot id" of the scheduler
  Micros heartbeat = 0;
  std::int64_t events = 0;  ///< the number of the run's last event
  std::int64_t tasks = 0, tasks_done = 0, tasks_failed = 0;
  std::string failure;  ///< one line, when it failed
  std::vector<std::string> tags, system_tags;
};

/// Resources an attempt used, and how that is known.
struct Usage {
  std::int64_t user_us = 0, system_us = 0;
  std::int64_t peak_rss_bytes = 0;
  enum class Source : std::uint8_t { none = 0, rusage = 1, cgroup = 2 } source = Source::none;
  bool operator==(const Usage&) const = default;
};

/// Where an attempt's log lies in the run's segments (docs/formats/logs.md).
struct LogIndex {
  std::uint64_t begin = 0, end = 0;  ///< byte range of the run's log stream that holds all its records
  std::uint64_t out_bytes = 0, err_bytes = 0;
  std::uint64_t dropped_bytes = 0;  ///< above the cap
  std::int64_t first_error = -1;    ///< offset of the record with the first line that looks like an error; -1: none
  bool operator==(const LogIndex&) const = default;
};

struct AttemptRow {
  std::int64_t task = 0;
  std::int32_t attempt = 0;
  TaskState state = TaskState::done;
  Micros started = 0, ended = 0;
  Usage usage;
  LogIndex log;
  std::string failure_signature;  ///< failure_signature(), empty when it succeeded
  std::string manifest;           ///< encode(Manifest); empty while it runs
  bool operator==(const AttemptRow&) const = default;
};

struct TaskRow {
  std::int64_t number = 0;
  std::string step;
  std::string path;   ///< IndexPath::key()
  std::string label;  ///< of the foreach item
  TaskState state = TaskState::ready;
  std::int32_t attempts = 0;
  Micros ready = 0, started = 0, ended = 0;  ///< of the last attempt
  std::string waiting;   ///< why it is not running: "cpu", "memory", "pool gpu", "retry in 4 s"; else empty
  double progress = -1;  ///< 0 to 1; -1: not told
  std::string note;      ///< of its progress
  /// Number of the task that led to this one, 0 of the first; of a join the number of its branches. Empty in runs from
  /// before the catalog kept it: client/lineage.h knows what to do.
  std::optional<std::int64_t> parents;
  RunKey origin = no_run;        ///< cloned from this run's …
  std::int64_t origin_task = 0;  ///< … task
  std::int64_t event = 0;        ///< number of the run's event that last changed this row
  bool is_clone() const { return origin != no_run; }
  bool operator==(const TaskRow&) const = default;
};

/// "Flow/7" and "Flow/7/step/12": where people find the run and the task, as in a Pathspec.
std::string address(const RunRow& run);
std::string address(const RunRow& run, const TaskRow& task);

/// A later one replaces an earlier one of the same task, attempt and key.
struct Metadatum {
  std::int64_t task = 0;  ///< 0: of the run
  std::int32_t attempt = 0;
  std::string key, value;
};

/// What is asked of a live run: appended by anyone, consumed by the lease holder.
struct ControlRequest {
  std::int64_t id = 0;
  RunKey run = no_run;
  std::string kind;  ///< "cancel", "tag", "untag"
  std::string argument;
  std::string user;
  Micros time = 0;
};

struct Lease {
  RunKey run = no_run;
  std::int64_t fence = 0;
};

/// All that changes in one tick of a run's scheduler: one transaction.
struct Commit {
  Lease lease;
  Micros now = 0;                    ///< becomes the heartbeat
  std::vector<TaskRow> tasks;        ///< inserted or replaced, by number; `event` is assigned here
  std::vector<AttemptRow> attempts;  ///< inserted or replaced
  std::vector<Metadatum> metadata;
  std::vector<std::int64_t> consumed;  ///< request ids
  std::vector<std::string> add_tags, remove_tags;
  /// Set when the run ends (releases the lease). Tags that were asked for and not consumed are then set too.
  std::optional<RunState> run_state;
  std::string run_failure;
  /// Clones: tasks of the origin run that are done, copied with all their attempts (manifests and log references) and
  /// metadata. Their `origin` is the run that executed them, through however many clones: there lies the log.
  struct Clone {
    std::int64_t origin_task = 0, number = 0;
    std::int64_t parents = 0;  ///< as TaskRow, in this run
    /// Of its last attempt, where the flow's graph was edited and the way on is told otherwise now; empty: as it was.
    std::string manifest{};
  };
  RunKey clone_from = no_run;
  std::vector<Clone> clones;
  /// Tasks that the step cache may take over (Catalog::cached), done in this commit or before. A clone keeps the key of
  /// its origin.
  struct CacheKey {
    std::int64_t task = 0;
    Digest key;
  };
  std::vector<CacheKey> cache;
};

struct CachedTask {
  RunKey run = no_run;
  TaskRow task;
};

struct RunFilter {
  std::string flow, user, tag, project;
  std::optional<RunState> state;
  RunKey before_key = no_run;  ///< only runs with a smaller key; no_run: from the newest
  std::size_t limit = 100;
};

/// What tasks are listed by; those of which it is not known come last.
enum class TaskOrder : std::uint8_t { number, step, state, label, attempts, started, waited, took };

struct TaskFilter {
  std::string step;  ///< empty: of all steps
  std::optional<TaskState> state;
  std::string text;        ///< found in the label, whatever the case of ASCII letters; empty: any
  std::int64_t after = 0;  ///< with a larger number than this
  TaskOrder order = TaskOrder::number;
  bool descending = false;
  std::int64_t skip = 0;  ///< so many of them, in that order
};

/// Failed tasks of a run whose last attempts failed in the same way.
struct FailureGroup {
  std::string signature;  ///< AttemptRow::failure_signature
  std::int64_t tasks = 0, first_task = 0;
};
/// The largest of them, and how many there are in all: what is not listed is the difference.
struct FailureGroups {
  std::vector<FailureGroup> groups;
  std::int64_t all_groups = 0, all_tasks = 0;
};

/// Tasks of a run that wait for the same.
struct WaitingGroup {
  std::string reason;
  std::int64_t tasks = 0;
};

/// Counts are those of its tasks now; times are of what ran in this run, clones left out.
struct StepRow {
  std::string step;
  std::int64_t tasks = 0, done = 0, failed = 0, running = 0;
  Micros first_started = 0, last_ended = 0;
};

/// A blob that a domain keeps, beside those that runs name: gc leaves it and what it refers to, fsck checks them,
/// backup copies them.
struct Pin {
  std::string domain;  ///< whose it is: "rank"
  std::string name;    ///< what the domain calls the value: "model/7"
  Digest blob;
  Micros since = 0;
  bool operator==(const Pin&) const = default;
};

/// Not thread-safe: one object a thread. Every method throws Error: busy catalogs are waited for, then `io`;
/// `newer_format` for a newer schema, `corrupt` for a damaged file, `no_space`, `permission`.
class Catalog {
 public:
  virtual ~Catalog() = default;
  virtual std::string id() = 0;

  // --- writing: the run's scheduler -------------------------------------------------------------------------------
  /// Takes a free run id at or after the wanted one, and the lease on the new run. Throws Error conflict, and makes
  /// nothing, when `lives` says so of the origin or of another resume of it (of which it is told key, flow, id, state
  /// and creation).
  virtual std::pair<RunRow, Lease> create_run(const NewRun& run, const std::string& owner) = 0;
  /// Takes over the lease of a run whose scheduler is gone (the caller has made sure); the fence grows. Throws Error
  /// conflict when the run has ended.
  virtual Lease take_lease(RunKey run, const std::string& owner, Micros now) = 0;
  /// All or nothing. Throws Error lease_lost when the fence is not the run's or nobody holds the run (it has ended);
  /// `exists` when another task has the step and path of a new one; `invalid` when a task changes its step or path, an
  /// attempt, metadatum or cache key has no task, or a clone is not done. Then nothing is written.
  virtual void commit(const Commit& commit) = 0;

  /// After a run's end: moves what was committed from the log into the database, so that the one file holds it all,
  /// unless the scheduler of another run is alive or a reader is in the way.
  virtual void settle(Micros now) = 0;

  /// Throws Error replaced when the catalog's path no longer leads to what is open: it was deleted, or another file was
  /// put in its place. Every commit looks, and writes nothing then.
  virtual void check_place() = 0;
  /// Copies all that was committed to what is open to a new catalog, wherever that is.
  virtual void rescue(const std::string& path) = 0;

  // --- writing: anyone ----------------------------------------------------------------------------------------------
  /// Returns its id. Throws Error conflict when the run has ended.
  virtual std::int64_t request(const ControlRequest& request) = 0;
  virtual std::vector<ControlRequest> requests(RunKey run) = 0;  ///< not yet consumed, oldest first
  /// For a run that nobody holds.
  virtual void set_tags(RunKey run, const std::vector<std::string>& add, const std::vector<std::string>& remove) = 0;
  /// Forgets runs that have ended, with all their rows, in one transaction; clones in other runs stay whole. Their keys
  /// and run ids are never given again. Throws Error conflict when one has not ended, not_found; then none is
  /// forgotten.
  virtual void remove_runs(const std::vector<RunKey>& runs) = 0;
  /// Completes the rows of a run that has ended (else Error conflict): (number, parents), for those that have none.
  virtual void set_parents(RunKey run, const std::vector<std::pair<std::int64_t, std::int64_t>>& parents) = 0;
  virtual std::optional<std::string> note(std::string_view key) = 0;  ///< small facts: store id, code of a file
  virtual void set_note(std::string_view key, std::string_view value) = 0;
  /// Under this name the domain keeps these blobs from now on and no others; none: it keeps nothing there. Durable on
  /// return; the blobs must be so before (verbs/pins.h sees to it). Throws Error invalid for an empty domain or name.
  virtual void set_pins(std::string_view domain, std::string_view name, const std::vector<Digest>& blobs,
                        Micros now) = 0;

  // --- reading ------------------------------------------------------------------------------------------------------
  virtual std::vector<Pin> pins() = 0;  ///< of all domains, in order of domain, name and blob
  virtual std::vector<std::string> flows() = 0;
  virtual std::int64_t run_count(std::string_view flow) = 0;
  virtual std::vector<RunRow> runs(const RunFilter& filter) = 0;  ///< newest first
  virtual std::optional<RunRow> run(std::string_view flow, std::int64_t run_id) = 0;
  virtual std::optional<RunRow> run(RunKey key) = 0;
  virtual bool was_removed(RunKey key) = 0;  ///< there was such a run
  virtual std::string graph(RunKey run) = 0;
  virtual std::vector<NamedReference> parameters(RunKey run) = 0;
  virtual std::vector<StepRow> steps(RunKey run) = 0;  ///< in order of their first task
  /// Tasks of a step (all steps when empty) with number > after, by number.
  virtual std::vector<TaskRow> tasks(RunKey run, std::string_view step, std::int64_t after, std::size_t limit) = 0;
  virtual std::vector<TaskRow> tasks(RunKey run, const TaskFilter& filter, std::size_t limit) = 0;
  virtual FailureGroups failures(RunKey run, std::size_t limit) = 0;  ///< most tasks first; one moment's truth
  virtual std::vector<WaitingGroup> waiting(RunKey run, std::size_t limit) = 0;  ///< most tasks first
  /// The task of a step that ended last, among those whose path begins with `prefix` (of IndexPath::key()).
  virtual std::optional<TaskRow> last_ended(RunKey run, std::string_view step, std::string_view prefix) = 0;
  /// Of a step, those whose path begins with `prefix` and is behind `after`, both of IndexPath::key(), by path. Without
  /// `after` from the first on: a path may be empty.
  virtual std::vector<TaskRow> tasks_below(RunKey run, std::string_view step, std::string_view prefix,
                                           const std::optional<std::string>& after, std::size_t limit) = 0;
  virtual std::optional<TaskRow> task(RunKey run, std::int64_t number) = 0;
  virtual std::optional<TaskRow> task(RunKey run, std::string_view step, std::string_view path_key) = 0;
  virtual std::vector<AttemptRow> attempts(RunKey run, std::int64_t task) = 0;
  virtual std::vector<Metadatum> metadata(RunKey run, std::int64_t task) = 0;  ///< task 0: of the run itself
  /// Tasks recorded under a key of the step cache, newest first, those of run `but` left out. Of clones of one
  /// execution only the newest.
  virtual std::vector<CachedTask> cached(const Digest& key, RunKey but, std::size_t limit) = 0;
  /// Tasks changed after the event `since`, in order of their last event: exact state for a live view.
  virtual std::vector<TaskRow> changes(RunKey run, std::int64_t since, std::size_t limit) = 0;
  /// Visits every task that is done, failed or cancelled and has an attempt, with its last one, by number: resume, gc
  /// and fsck read a run so, in one pass. `visit` may use the catalog. Tasks of the steps `but` are passed over.
  virtual void each_finished(RunKey run, const std::function<void(const TaskRow&, const AttemptRow&)>& visit,
                             const std::vector<std::string>& but = {}) = 0;
  /// Every inconsistency found (dangling rows, bad bytes, SQLite's own check); empty when it is sound.
  virtual std::vector<Diagnostic> check() = 0;
};

}  // namespace backlot
