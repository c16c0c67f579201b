#include "backlot/verbs/run.h"
#include "backlot/home/open.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "backlot/base/durable_folder.h"
#include "backlot/base/event_loop.h"
#include "backlot/base/identity.h"
#include "backlot/base/log_segments.h"
#include "backlot/catalog/sqlite/rescued.h"
#include "backlot/client/lease_probe.h"
#include "backlot/exec/fork_server.h"
#include "backlot/exec/local_executor.h"
#include "backlot/exec/machine.h"
#include "backlot/home/home.h"
#include "backlot/value/saver.h"
#include "backlot/verbs/code_blob.h"
#include "backlot/verbs/code_libraries.h"
#include "backlot/verbs/disk_room.h"
#include "backlot/verbs/task_runner.h"

namespace backlot::verbs {
namespace {

constexpr Duration terminated_deadline{10'000};

// A run's parameters: those given, or for a resumed run those of its origin.
std::vector<NamedReference> parameters_of(const FlowCode& flow, const RunOptions& options) {
  std::vector<NamedReference> parameters;
  for (ParameterValue& value : resolve_parameters(flow.parameters(), options.parameters)) {
    parameters.push_back({std::move(value.name), std::move(value.value)});
  }
  return parameters;
}

// Every task's frame and every run's row would carry them.
void keep_large(std::vector<NamedReference>& parameters, BlobStore& store) {
  ValueSaver saver(store);
  std::vector<Reference*> kept;
  for (NamedReference& parameter : parameters) {
    Reference& value = parameter.value;
    if (value.place != Reference::Place::inlined || value.size <= inline_value_limit) continue;
    value = saver.save(value.type, std::move(value.inline_bytes));
    kept.push_back(&value);
  }
  saver.finish(kept);
  Manifest named;
  named.artifacts = parameters;
  if (!kept.empty()) store.sync_names(blobs_of(named));
}

// What the front says of the run itself holds for the resumed run too.
std::vector<NamedReference> replaced(std::vector<NamedReference> parameters, const std::vector<NamedReference>& by) {
  for (const NamedReference& value : by) {
    std::erase_if(parameters, [&](const NamedReference& p) { return p.name == value.name; });
    parameters.push_back(value);
  }
  return parameters;
}

Capacity capacity_of(const RunOptions& options) {
  Machine machine = this_machine();
  Capacity capacity;
  capacity.cpu = machine.cpus;
  capacity.memory = machine.memory;
  capacity.gpu = machine.gpus;
  capacity.workers = options.max_workers > 0 ? options.max_workers : static_cast<int>(std::max(1.0, machine.cpus));
  if (options.max_workers > 0) capacity.cpu = std::max(capacity.cpu, static_cast<double>(options.max_workers));
  capacity.pools = options.pools;
  return capacity;
}

// Requests beyond the machine are clamped, so that a flow written for a larger one still runs here; we say so.
void report_clamped(const Graph& graph, const Capacity& capacity, RunWatcher& watcher) {
  for (const Node& node : graph.nodes) {
    const Resources& r = node.with.resources;
    if (r.cpu <= capacity.cpu && r.memory <= capacity.memory && r.gpu <= capacity.gpu) continue;
    watcher.on_notice("step " + node.name + " asks for more than this machine has; it gets all there is");
  }
}

RunRow origin_of(Catalog& catalog, const FlowCode& flow, const RunOptions& options) {
  if (options.origin_run != 0) {
    auto run = catalog.run(flow.name(), options.origin_run);
    if (run) return *run;
    throw Error(ErrorCode::usage, "no run " + flow.name() + "/" + std::to_string(options.origin_run), "see `list`");
  }
  auto run = run_to_resume(catalog, flow.name());
  if (run) return *run;
  throw Error(ErrorCode::usage, "there is no run of " + flow.name() + " to resume", "`run` it first");
}

// Under nohup, SIGHUP is ignored from the start and stays so.
std::vector<int> handled_signals() {
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler == SIG_IGN) return {SIGINT, SIGTERM};
  return {SIGINT, SIGTERM, SIGHUP};
}

/// Everything a live run holds, from its lease to its last commit.
class LiveRun {
 public:
  LiveRun(const FlowCode& flow, const RunOptions& options, RunWatcher& watcher)
      : flow_(flow), options_(options), watcher_(watcher), home_{options.home} {}

  RunReport run() {
    auto began = system_clock().monotonic();
    setenv("BACKLOT_HOME", home_.root.c_str(), 1);
    if (!options_.resume) parameters_ = replaced(parameters_of(flow_, options_), options_.values);
    make_home(home_);
    store_ = open_store(home_);
    if (!options_.resume) keep_large(parameters_, *store_);
    // The runner is forked first: from a small process without threads, catalog or epoll.
    ForkServer server = spawn_fork_server(task_runner(flow_, *store_), options_.fresh);
    for (const std::string& notice : server.notices()) watcher_.on_notice(notice);
    catalog_ = open_catalog(home_);
    keep_ballast(home_, Spare::plenty);
    create();
    RunReport report{flow_.name(), run_.run_id, origin_row_ ? origin_row_->run_id : 0, {}, 0};
    try {
      begin();
      report.result = schedule(std::move(server));
    } catch (const Error& e) {
      give_up(e);
      throw;
    }
    const auto& error = report.result.error;
    if (error && error->code() == ErrorCode::replaced)
      rescue(report.result);
    else
      catalog_->settle(system_clock().now());
    auto took = system_clock().monotonic() - began;
    report.seconds = std::chrono::duration<double>(took).count();
    return report;
  }

 private:
  void create() {
    NewRun wanted;
    wanted.flow = flow_.name();
    wanted.now = wanted.run_id = system_clock().now();
    if (options_.run_id != 0) wanted.run_id = options_.run_id;
    wanted.user = current_user();
    wanted.host = current_host();
    wanted.ns = options_.ns;
    wanted.project = options_.project;
    wanted.branch = options_.branch;
    wanted.tags = options_.tags;
    wanted.system_tags = options_.system_tags;
    wanted.code = options_.code.empty() ? store_code(*store_, *catalog_, files_) : options_.code;
    wanted.graph = encode(flow_.graph());
    if (options_.resume) {
      origin_row_ = origin_of(*catalog_, flow_, options_);
      if (!options_.anyway)
        wanted.lives = [this](const RunRow& row) { return client::is_held(home_, row, system_clock().now()); };
      wanted.origin = origin_row_->key;
      parameters_ = replaced(catalog_->parameters(origin_row_->key), options_.values);
      Graph before = decode_graph(catalog_->graph(origin_row_->key));
      origin_.emplace(*catalog_, *origin_row_, before, flow_.graph(), options_.resume_step, options_.clone_policy);
      if (origin_->refusal()) throw Error(*origin_->refusal());
    }
    wanted.parameters = parameters_;
    std::tie(run_, lease_) = catalog_->create_run(wanted, lease_owner());
  }

  void begin() {
    note_libraries();
    make_durable_folder(files_, home_.run(flow_.name(), run_.run_id));
    // Under its name it is never to be seen unlocked: that would be a run that lost its scheduler.
    const std::string lease = home_.lease(flow_.name(), run_.run_id), unnamed = lease + ".new";
    lease_lock_ = files_.try_lock(unnamed);
    if (lease_lock_) files_.rename(unnamed, lease);
    if (!lease_lock_) throw Error(ErrorCode::conflict, "another scheduler holds the run");
    watcher_.on_run(flow_.name(), run_.run_id, origin_row_ ? origin_row_->run_id : 0, flow_.graph());
    if (!origin_) return;
    for (const std::string& note : origin_->notes()) watcher_.on_notice(note);
  }

  /// A Python flow's are its interpreter's business.
  void note_libraries() {
    std::string libraries = options_.code.empty() ? own_libraries() : "";
    if (libraries.empty()) return;
    Commit commit;
    commit.lease = lease_;
    commit.now = system_clock().now();
    commit.metadata = {{0, 0, std::string(libraries_key), std::move(libraries)}};
    catalog_->commit(commit);
  }

  /// We cannot go on: the run must not stay behind as one that has lost its scheduler.
  void give_up(const Error& error) {
    Commit end;
    end.lease = lease_;
    end.now = system_clock().now();
    end.run_state = RunState::failed;
    end.run_failure = error.what();
    try {
      catalog_->commit(end);
    } catch (const Error&) {}  // what could not be said is in the error itself
  }

  /// The catalog's path leads elsewhere. What this run and all others committed is in the file that is still open.
  void rescue(RunResult& result) {
    const std::string path = rescued_catalog(home_.catalog(), run_.run_id);
    catalog_->rescue(path);
    result.error =
        Error(ErrorCode::replaced, std::string(result.error->message()),
              "all that was committed is in " + path + ": `backlot fsck --rescue` puts it in its place; then `resume`");
    result.failure = result.error->message();
  }

  RunResult schedule(ForkServer server) {
    EventLoop loop;
    std::string log_folder = home_.log(flow_.name(), run_.run_id);
    LogWriter log_writer(files_, log_folder);
    TaskLog log(log_writer, system_clock(), options_.log_cap, files_, scratch());
    LocalExecutor executor(loop, std::move(server));
    Scheduler* scheduler = nullptr;
    loop.on_signals(handled_signals(), [&](int signal) { on_signal(*scheduler, signal); });
    auto committer = make_thread_committer([this, log_folder] { return open_target(log_folder); },
                                           [&loop](std::function<void()> work) { loop.post(std::move(work)); });

    StepCache cache(*catalog_, *store_, files_, flow_.graph(), run_);
    RunSetup setup{.identity = {flow_.name(), run_.run_id, origin_row_ ? origin_row_->run_id : 0},
                   .graph = flow_.graph(),
                   .parameters = parameters_,
                   .lease = lease_,
                   .capacity = capacity_of(options_),
                   .scratch = scratch(),
                   .origin = origin_ ? &*origin_ : nullptr,
                   .cache = &cache,
                   .keep_going = options_.keep_going,
                   .cancel_on_failure = options_.cancel_on_failure,
                   .failure_grace = options_.failure_grace,
                   .most_splits = options_.most_splits};
    report_clamped(flow_.graph(), setup.capacity, watcher_);
    Scheduler live(std::move(setup), {executor, *committer, loop, system_clock(), files_, *store_, log, watcher_});
    scheduler = &live;
    RunResult result;
    live.start([&](const RunResult& r) {
      result = r;
      loop.stop();
    });
    loop.run();
    std::error_code ignored;
    std::filesystem::remove_all(temp_root(), ignored);
    return result;
  }

  std::string scratch() const { return home_.run(flow_.name(), run_.run_id) + "/scratch"; }

  std::unique_ptr<CommitTarget> open_target(const std::string& log_folder) {
    struct Opened {
      std::unique_ptr<BlobStore> store;
      std::unique_ptr<Catalog> catalog;
    };
    catalog_->check_place();  // else an empty one would be made
    auto opened = std::make_shared<Opened>(Opened{open_store(home_), open_catalog(home_)});
    auto sync = [this, log_folder] { sync_log(files_, log_folder); };
    return std::make_unique<CommitTarget>(CommitTarget{*opened->store, *opened->catalog, sync, opened});
  }

  void on_signal(Scheduler& scheduler, int signal) {
    if (signal != SIGINT) return scheduler.stop(StopRun::finish_running, terminated_deadline);
    if (++interrupts_ > 1) return scheduler.stop(StopRun::now);
    watcher_.on_interrupt();
    scheduler.stop(options_.on_interrupt);
  }

  const FlowCode& flow_;
  const RunOptions& options_;
  RunWatcher& watcher_;
  Home home_;
  Files& files_ = system_files();
  std::vector<NamedReference> parameters_;
  std::unique_ptr<BlobStore> store_;
  std::unique_ptr<Catalog> catalog_;
  std::unique_ptr<FileLock> lease_lock_;
  std::optional<RunRow> origin_row_;
  std::optional<Origin> origin_;
  RunRow run_;
  Lease lease_;
  int interrupts_ = 0;
};

}  // namespace

std::optional<RunRow> run_to_resume(Catalog& catalog, const std::string& flow) {
  RunFilter last;
  last.flow = flow;
  last.user = current_user();
  last.limit = 1;
  std::vector<RunRow> runs = catalog.runs(last);
  if (runs.empty()) return std::nullopt;
  RunRow run = runs.front();
  while (run.origin != no_run && run.tasks == 0) {
    auto before = catalog.run(run.origin);
    if (!before) break;
    run = *before;
  }
  return run;
}

RunReport run_flow(const FlowCode& flow, const RunOptions& options, RunWatcher& watcher) {
  std::vector<Diagnostic> found = flow.check();
  if (!found.empty()) throw error_of(ErrorCode::usage, flow.name() + " cannot run", found);
  return LiveRun(flow, options, watcher).run();
}

}  // namespace backlot::verbs
