#include "tests/sim/simulation.h"

#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>

#include "backlot/base/durable_folder.h"
#include "backlot/base/log_segments.h"
#include "backlot/base/test_memory_files.h"
#include "backlot/catalog/sqlite/open.h"
#include "backlot/engine/scheduler.h"
#include "backlot/sql/files_vfs.h"
#include "backlot/store/local/local_store.h"
#include "tests/sim/buggy_files.h"
#include "tests/sim/sim_committer.h"
#include "tests/sim/sim_executor.h"
#include "tests/sim/sim_flow.h"

namespace backlot::sim {

std::string_view name_of(Bug bug) {
  static constexpr std::string_view names[] = {"none",
                                               "skip_directory_sync",
                                               "skip_blob_sync",
                                               "names_after_commit",
                                               "unsynced_catalog",
                                               "acknowledge_early",
                                               "ignore_fence",
                                               "reuse_number",
                                               "forget_attempt",
                                               "mixed_up_manifests",
                                               "skip_log_sync",
                                               "ordinal_decision",
                                               "edited_graph",
                                               "unverified_map",
                                               "onto_damage",
                                               "replaced_catalog",
                                               "dropped_tail"};
  return names[static_cast<std::size_t>(bug)];
}

namespace {

constexpr const char* catalog_path = "/home/catalog.sqlite";

/// Says of every blob that it was checked.
class Blind : public CheckedBlobs {
 public:
  bool contains(const Digest&, const FileStamp&) override { return true; }
  void add(const Digest&, const FileStamp&) override {}
};

/// Of what an attempt prints.
constexpr std::uint64_t log_cap = 400;

constexpr int disturbed_runs = 5;  // after so many, a run is left in peace

/// By "step[path]": the identities of what each task left in a run that nothing disturbed.
using Outcome = std::map<std::string, std::vector<std::string>>;

/// A broken promise.
struct Broken {
  std::string what;
};

std::vector<std::string> artifacts_of(const Manifest& manifest) {
  std::vector<std::string> all;
  for (const NamedReference& a : manifest.artifacts) all.push_back(a.name + "=" + a.value.identity().hex());
  return all;
}

class World : RunObserver {
 public:
  World(std::uint64_t seed, Bug bug, const Edits& edits = {})
      : bug_(bug),
        random_(seed),
        disk_(time_),
        files_(disk_, bug),
        vfs_("sim", files_),
        seed_(seed),
        edits_(edits),
        flow_(edits, bug == Bug::ordinal_decision) {}

  /// `disturbed`: else nothing happens to it, and it is edited by nobody.
  History live(bool disturbed);
  Outcome outcome();

 private:
  enum class Fate : std::uint8_t { peace, power_cut, kill, takeover, replaced };
  /// Everything that dies with the scheduler's process.
  struct Process {
    std::unique_ptr<BlobStore> store, writers_store;
    std::unique_ptr<Catalog> catalog;
    std::unique_ptr<LogWriter> log_writer;
    std::unique_ptr<TaskLog> log;
    std::unique_ptr<SimExecutor> executor;
    std::unique_ptr<SimCommitter> committer;
    std::optional<Origin> origin;
    std::optional<StepCache> cache;
    std::unique_ptr<Scheduler> scheduler;
    std::optional<RunResult> result;
  };

  bool one_run(Fate fate);
  Fate some_fate() {
    constexpr Fate fates[] = {Fate::power_cut, Fate::power_cut, Fate::power_cut, Fate::kill,
                              Fate::kill,      Fate::takeover,  Fate::takeover,  Fate::replaced};
    return fates[random_() % std::size(fates)];
  }
  void edit();
  void boot(Process& p);
  void begin(Process& p, bool peace);
  void drive(Process& p, Fate fate);
  void take_over(Process& p);
  void replace_catalog(Process& p);
  void put_back(Process& p);
  void flip_a_bit();
  void repair(Process& p);
  std::shared_ptr<CheckedBlobs> nothing_checked() const {
    return bug_ == Bug::unverified_map ? std::make_shared<Blind>() : std::shared_ptr<CheckedBlobs>(own_checked_blobs());
  }
  void check_written(Process& p);
  void check(Process& p);
  void check_run(Process& p, const RunRow& run);
  void check_log(const std::string& who, const RunRow& run, const AttemptRow& attempt);
  std::string log_folder(std::int64_t run_id) const { return "/home/runs/" + std::to_string(run_id) + "/log"; }

  void on_task(const TaskEvent& event) override {
    if (event.kind == TaskEvent::Kind::retrying) ++history_.retried;
    if (event.kind == TaskEvent::Kind::cached) ++history_.cached;
    if (event.kind != TaskEvent::Kind::done) return;
    acknowledged_.insert({run_, event.number});
  }

  Bug bug_;
  std::mt19937_64 random_;
  SimTime time_;
  MemoryFiles disk_;
  BuggyFiles files_;
  FilesVfs vfs_;
  std::shared_ptr<CheckedBlobs> checked_ = nothing_checked();  ///< since the machine was started
  std::set<Digest> flipped_;                                   ///< may be damaged
  std::string rerun_from_;  ///< the next resume runs this again, and all that follows
  std::uint64_t seed_;
  ClonePolicy policy_ = ClonePolicy::by_ancestry;
  Edits edits_;
  SimFlow flow_;
  RunKey run_ = no_run;
  std::set<std::pair<RunKey, std::int64_t>> acknowledged_;
  bool taken_over_ = false, replaced_ = false;
  std::int64_t rows_then_ = 0;  ///< events of the run when it was taken over, or its catalog replaced
  bool must_repair_ = false;
  History history_;
};

void World::boot(Process& p) {
  make_durable_folder(files_, "/home/runs");
  p.store = open_local_store(files_, time_, "/home/store", {Verify::first, checked_});
  // A writer that compares nothing is one with the bug; all else is as it should be.
  BlobChecks writing{bug_ == Bug::onto_damage ? Verify::never : Verify::first, checked_};
  p.writers_store = open_local_store(files_, time_, "/home/store", writing);
  p.catalog = open_sqlite_catalog(catalog_path, vfs_.name());
}

void World::begin(Process& p, bool peace) {
  NewRun wanted;
  wanted.flow = flow_.name();
  wanted.run_id = wanted.now = time_.now();
  wanted.graph = encode(flow_.graph());
  const bool resumes = run_ != no_run && seed_ % 4 != 0;  // else what was done before is found by the step cache alone
  wanted.origin = resumes ? run_ : no_run;
  if (resumes) {
    bool blind = bug_ == Bug::edited_graph || bug_ == Bug::ordinal_decision;
    Graph before = blind ? flow_.graph() : decode_graph(p.catalog->graph(run_));
    p.origin.emplace(*p.catalog, *p.catalog->run(run_), before, flow_.graph(), rerun_from_, policy_);
    rerun_from_.clear();
    if (p.origin->refusal()) throw Broken{std::string("refused: ") + p.origin->refusal()->what()};
    if (!p.origin->notes().empty()) ++history_.edited;
  }
  auto [row, lease] = p.catalog->create_run(wanted, "sim");
  run_ = row.key;
  taken_over_ = false;
  ++history_.runs;
  p.log_writer = std::make_unique<LogWriter>(files_, log_folder(row.run_id));
  p.log = std::make_unique<TaskLog>(*p.log_writer, time_, log_cap, files_, "/scratch");
  Fates fates = peace ? Fates{0, 0, 0} : Fates{};
  const std::size_t most_printed = bug_ == Bug::dropped_tail ? log_cap / 2 : SIZE_MAX;
  p.executor = std::make_unique<SimExecutor>(flow_, time_, *p.store, *p.writers_store, fates, random_(), most_printed);
  auto sync_logs = [this, folder = log_folder(row.run_id)] {
    if (bug_ != Bug::skip_log_sync) sync_log(files_, folder);
  };
  p.committer = std::make_unique<SimCommitter>(time_, CommitTarget{*p.store, *p.catalog, sync_logs}, bug_, random_());
  p.cache.emplace(*p.catalog, *p.store, files_, flow_.graph(), row);
  Capacity capacity;
  capacity.cpu = 3;
  capacity.memory = 1 << 20;
  capacity.workers = 3;
  RunSetup setup{.identity = {flow_.name(), row.run_id, 0},
                 .graph = flow_.graph(),
                 .parameters = {},
                 .lease = lease,
                 .capacity = capacity,
                 .scratch = "/home/scratch",
                 .origin = p.origin ? &*p.origin : nullptr,
                 .cache = &*p.cache,
                 .most_uncommitted = seed_ % 2 ? 1 + seed_ % 5 : 1000};
  p.scheduler = std::make_unique<Scheduler>(
      std::move(setup), RunWorld{*p.executor, *p.committer, time_, time_, files_, *p.store, *p.log, *this});
  p.scheduler->start([&p](const RunResult& r) { p.result = r; });
}

// Somebody else, sure that we are dead, takes the run; we are only slow.
void World::take_over(Process& p) {
  if (p.catalog->run(run_)->state != RunState::running) return;  // it has just ended
  Lease stolen = p.catalog->take_lease(run_, "thief", time_.now());
  taken_over_ = true;
  ++history_.takeovers;
  Commit end;
  end.lease = stolen;
  end.now = time_.now();
  p.catalog->commit(end);
  rows_then_ = p.catalog->run(run_)->events;
}

/// Somebody moves the catalog away and leaves an empty file.
void World::replace_catalog(Process& p) {
  rows_then_ = p.catalog->run(run_)->events;
  disk_.rename(catalog_path, "/home/aside");
  disk_.open(catalog_path, OpenMode::create_new);
  replaced_ = true;
  ++history_.replaced;
}

/// What verbs/run.cpp does when the scheduler has ended, and then somebody with what it saved.
void World::put_back(Process& p) {
  if (p.catalog->run(run_)->events != rows_then_)
    throw Broken{"a scheduler wrote to a catalog that its path no longer led to"};
  p.catalog->rescue("/home/rescued");
  time_.forget();
  p.scheduler.reset();
  p.committer.reset();
  p.catalog.reset();
  for (const char* suffix : {"", "-wal"}) disk_.remove(std::string(catalog_path) + suffix);
  vfs_.forget();
  disk_.rename("/home/rescued", catalog_path);
  disk_.sync_directory("/home");
  replaced_ = false;
}

/// Of a blob's bytes, in place, as on a disk that forgets.
void World::flip_a_bit() {
  std::vector<Digest> ids;
  Process p;
  boot(p);
  p.store->each([&](const Digest& id) { ids.push_back(id); });
  if (ids.empty()) return;
  const Digest id = ids[random_() % ids.size()];
  std::string path = "/home/store/blobs/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2);
  auto file = disk_.open(path, OpenMode::write);
  const std::uint64_t at = file->size() - 1 - random_() % std::min<std::uint64_t>(file->size(), 500);
  std::string byte = file->read(at, 1);
  byte[0] = static_cast<char>(byte[0] ^ 1 << random_() % 8);
  file->write(at, byte);
  file->sync();
  flipped_.insert(id);
  ++history_.flips;
}

/// What `fsck --repair` does, and then its reader: all of it runs again.
void World::repair(Process& p) {
  for (const Digest& id : flipped_) {
    try {
      p.store->verify(id);
    } catch (const Error& e) {
      if (e.code() != ErrorCode::corrupt) continue;
      p.store->set_aside(id);
      rerun_from_ = "start";
    }
  }
}

void World::drive(Process& p, Fate fate) {
  const bool at_a_step = fate == Fate::kill || fate == Fate::takeover || fate == Fate::replaced;
  std::uint64_t steps = at_a_step ? random_() % 250 : UINT64_MAX;
  for (std::uint64_t step = 0; !p.result; ++step) {
    if (step == steps && fate == Fate::kill) return;
    if (step == steps && fate == Fate::takeover) take_over(p);
    if (step == steps && fate == Fate::replaced) replace_catalog(p);
    if (random_() % 200 == 0) time_.jump(static_cast<Micros>(random_() % 20'000'000) - 10'000'000);
    if (!time_.step()) throw Broken{"nothing is left to happen, and the run has not ended"};
    if (step > 1'000'000)
      throw Broken{"the run does not end: " + std::to_string(static_cast<int>(fate)) + (replaced_ ? " replaced" : "")};
  }
  history_.tasks += p.result->tasks;
  history_.cloned += p.result->cloned;
  if (taken_over_ && p.catalog->run(run_)->events != rows_then_) {
    throw Broken{"a scheduler wrote to a run that another one had taken"};
  }
}

/// True when the run is done.
bool World::one_run(Fate fate) {
  if (fate == Fate::power_cut) disk_.power_off_after(random_() % 700);
  bool done = false;
  Process p;
  try {
    boot(p);
    check(p);
    if (must_repair_ || random_() % 3 == 0) repair(p);
    begin(p, fate == Fate::peace);
    drive(p, fate);
    done = p.result && p.result->state == RunState::done;
    if (p.result && replaced_) return put_back(p), false;
    if (p.result && fate != Fate::power_cut && !flipped_.empty()) check_written(p);
    if (p.result && p.result->error && fate != Fate::power_cut && !taken_over_) {
      throw Broken{std::string("the run could not go on: ") + p.result->error->what()};
    }
    if (p.result && fate == Fate::peace && !done) {
      if (flipped_.empty() || must_repair_) throw Broken{"in peace the run failed: " + p.result->failure};
      must_repair_ = true;  // it met what was damaged, and said so
    }
  } catch (const Error& e) {
    if (fate != Fate::power_cut) throw Broken{std::string("an error without a cause: ") + e.what()};
  }
  if (fate == Fate::kill) ++history_.kills;
  time_.forget();
  p.scheduler.reset();
  if (fate != Fate::power_cut) return done;
  ++history_.power_cuts;
  disk_.crash(random_());
  checked_ = nothing_checked();
  vfs_.forget();
  return false;
}

void World::check_run(Process& p, const RunRow& run) {
  std::uint64_t log_end = LogReader(files_, log_folder(run.run_id)).end();
  p.catalog->each_finished(run.key, [&](const TaskRow& task, const AttemptRow& attempt) {
    std::string who = run.flow + "/" + std::to_string(run.run_id) + "/" + std::to_string(task.number);
    try {
      for (const Digest& blob : blobs_of(decode_manifest(attempt.manifest)))
        if (!flipped_.contains(blob)) p.store->verify(blob);
    } catch (const Error& e) {
      if (e.code() == ErrorCode::io) throw;  // the power fails while we check
      throw Broken{who + " dangles: " + e.what()};
    }
    if (!task.is_clone() && attempt.log.end > log_end) throw Broken{who + ": its log is gone"};
    if (!task.is_clone() && attempt.log.end > 0) check_log(who, run, attempt);
  });
}

/// Of the lines that it printed (SimExecutor) each is there, or counted as left out.
void World::check_log(const std::string& who, const RunRow& run, const AttemptRow& attempt) {
  std::string text;
  std::uint64_t left_out = 0, left_out_bytes = 0;
  LogReader::Range range;
  range.begin = attempt.log.begin;
  range.end = attempt.log.end;
  range.task = attempt.task;
  range.attempt = attempt.attempt;
  LogReader(files_, log_folder(run.run_id)).each(range, [&](const LogRecord& r) {
    if (r.gap) text.erase(text.rfind('\n') + 1);  // its end is among what was left out
    text += r.bytes;
    left_out += r.gap ? r.gap->lines : 0;
    left_out_bytes += r.gap ? r.gap->bytes : 0;
    return true;
  });
  std::uint64_t number = 0, before = 0, kept = 0, printed = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string of;
    if (!(words >> number >> of >> printed) || of != "of") continue;  // what the engine says of a process that died
    if (number <= before) throw Broken{who + ": line " + std::to_string(number) + " of its log is out of place"};
    before = number;
    ++kept;
  }
  if (kept + left_out != printed || left_out_bytes != attempt.log.dropped_bytes)
    throw Broken{who + ": of " + std::to_string(printed) + " lines that it printed its log has " +
                 std::to_string(kept) + " and tells of " + std::to_string(left_out)};
}

/// Whatever was damaged before: what tasks of this run wrote is whole.
void World::check_written(Process& p) {
  p.catalog->each_finished(run_, [&](const TaskRow& task, const AttemptRow& attempt) {
    if (task.is_clone()) return;
    try {
      for (const Digest& blob : blobs_of(decode_manifest(attempt.manifest))) p.store->verify(blob);
    } catch (const Error& e) { throw Broken{"a task left what is damaged: " + std::string(e.what())}; }
  });
}

void World::check(Process& p) {
  if (auto found = p.catalog->check(); !found.empty()) throw Broken{"the catalog is unsound: " + found[0].message};
  for (const RunRow& run : p.catalog->runs({})) check_run(p, run);
  for (auto& [run, number] : acknowledged_) {
    auto task = p.catalog->task(run, number);
    std::string who = "task " + std::to_string(number) + " of run " + std::to_string(run.value());
    if (!task || task->state != TaskState::done)
      throw Broken{who + " was acknowledged and is " + (task ? std::string(name_of(task->state)) : "lost")};
    auto attempts = p.catalog->attempts(run, number);
    if (attempts.empty() || attempts.back().manifest.empty()) throw Broken{who + " has lost its manifest"};
  }
}

Outcome World::outcome() {
  Process p;
  boot(p);
  Outcome all;
  p.catalog->each_finished(run_, [&](const TaskRow& task, const AttemptRow& attempt) {
    all[task.step + IndexPath::from_key(task.path)->text()] = artifacts_of(decode_manifest(attempt.manifest));
  });
  return all;
}

void compare(const Outcome& got, const Outcome& expected) {
  for (auto& [task, artifacts] : expected) {
    auto found = got.find(task);
    if (found == got.end()) throw Broken{task + " is missing from the resumed run"};
    if (found->second != artifacts) throw Broken{task + " left other artifacts in the resumed run"};
  }
  if (got.size() != expected.size()) throw Broken{"the resumed run has tasks that there should not be"};
}

/// Edits of Edits, a bit each.
Edits edits_of(std::uint64_t bits) {
  auto bit = [&](int n) { return (bits >> n & 1) != 0; };
  return {bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6), bit(7)};
}

/// Somebody changes the flow's file between two runs. Where tasks are taken over by name, only so that the values stay.
void World::edit() {
  if (seed_ % 5 == 0) {
    policy_ = ClonePolicy::by_name;
    edits_.cases_reordered = !edits_.cases_reordered;
  } else {
    edits_ = edits_of(random_() & random_());
  }
  flow_ = SimFlow(edits_, bug_ == Bug::ordinal_decision);
}

const Outcome& undisturbed(const Edits& edits) {
  static std::map<Edits, Outcome> outcomes;
  auto [found, is_new] = outcomes.try_emplace(edits);
  if (is_new) {
    World world(0, Bug::none, edits);
    History history = world.live(false);
    if (!history.problem.empty()) throw Error(ErrorCode::internal, history.problem);
    found->second = world.outcome();
  }
  return found->second;
}

History World::live(bool disturbed) {
  try {
    bool done = false;
    for (int i = 0; !done; ++i) {
      bool peace = !disturbed || i >= disturbed_runs;
      if (disturbed && i > 0 && seed_ % 3 != 0 && random_() % 3 == 0) edit();
      if (disturbed && i > 0 && !peace && seed_ % 4 != 1 && random_() % 6 == 0) flip_a_bit();
      done = one_run(peace ? Fate::peace : some_fate());
    }
    if (disturbed) compare(outcome(), undisturbed(edits_));
    Process last;
    boot(last);
    check(last);
  } catch (const Broken& broken) {
    history_.problem = broken.what + " (seed " + std::to_string(seed_) + ")";
  } catch (const Error& e) {
    history_.problem = std::string("unexpected: ") + e.what() + " (seed " + std::to_string(seed_) + ")";
  }
  return history_;
}

}  // namespace

History simulate(std::uint64_t seed, Bug bug) { return World(seed, bug).live(true); }

}  // namespace backlot::sim
