// What the catalog costs. Prints one JSON object; the catalogs are made in the folder given (default: here).
#include <sqlite3.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "backlot/base/error.h"
#include "backlot/catalog/sqlite/open.h"
#include "backlot/sql/vfs.h"

namespace {

using namespace backlot;

double seconds() { return std::chrono::duration<double>(system_clock().monotonic()).count(); }

template <class Action>
double measured(Action action) {
  double began = seconds();
  action();
  return seconds() - began;
}

std::string manifest_of(std::int64_t value) {
  Manifest manifest;
  manifest.artifacts = {{"result", Reference::inlined(TypeTag::integer, std::to_string(value))},
                        {"item", Reference::inlined(TypeTag::text, "drama " + std::to_string(value))}};
  manifest.own = 2;
  return encode(manifest);
}

/// The trivial task: one item of a foreach, with two small artifacts.
TaskRow task_of(std::int64_t number, TaskState state) {
  TaskRow task;
  task.number = number;
  task.step = "compute";
  task.path = {0x13, static_cast<char>(number >> 16), static_cast<char>(number >> 8), static_cast<char>(number)};
  task.state = state;
  task.ready = 1'763'829'152'000'000 + number;
  if (state == TaskState::ready) return task;
  task.started = task.ready + 250;
  task.attempts = 1;
  if (state == TaskState::done) task.ended = task.started + 700;
  return task;
}

AttemptRow attempt_of(std::int64_t number) {
  AttemptRow attempt;
  attempt.task = number;
  attempt.started = 1'763'829'152'000'250 + number;
  attempt.ended = attempt.started + 700;
  attempt.usage = {412, 388, 9'437'184, Usage::Source::rusage};
  attempt.log = {
      static_cast<std::uint64_t>(number) * 120, static_cast<std::uint64_t>(number) * 120 + 120, 80, 0, 0, -1};
  attempt.manifest = manifest_of(number);
  return attempt;
}

NewRun new_run(std::int64_t id) {
  NewRun run;
  run.flow = "Bench";
  run.run_id = run.now = id;
  run.user = "ada";
  run.host = "host";
  run.tags = {"nightly"};
  run.system_tags = {"sdk:c++"};
  return run;
}

Commit commit_of(const Lease& lease, std::int64_t first, std::int64_t count) {
  Commit commit;
  commit.lease = lease;
  commit.now = 1'763'829'152'000'000 + first;
  for (std::int64_t n = first; n < first + count; ++n) {
    commit.tasks.push_back(task_of(n, TaskState::done));
    commit.attempts.push_back(attempt_of(n));
  }
  return commit;
}

/// Tasks that are announced when they start and finished two batches later, as the scheduler does with long ones.
void commit_in_two_steps(Catalog& catalog, const Lease& lease, std::int64_t count, std::int64_t batch) {
  for (std::int64_t first = 1; first <= count + 2 * batch; first += batch) {
    Commit commit;
    commit.lease = lease;
    if (first > 2 * batch) commit = commit_of(lease, first - 2 * batch, batch);
    for (std::int64_t n = first; n < first + batch && n <= count; ++n) {
      commit.tasks.push_back(task_of(n, TaskState::running));
    }
    catalog.commit(commit);
  }
}

class Bench {
 public:
  explicit Bench(const std::string& folder) : folder_(folder + "/catalog_bench.tmp") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Bench() { std::filesystem::remove_all(folder_); }

  void run() {
    std::printf("{\n");
    open();
    for (std::int64_t batch : {1, 100, 1000}) commits(batch);
    for (std::int64_t tasks : {10'000, 100'000}) size(tasks);
    std::printf("  \"manifest_bytes\": %zu,\n", manifest_of(50'000).size());
    clones();
    listing();
    std::printf("  \"sqlite\": \"WAL, synchronous=FULL\"\n}\n");
  }

 private:
  std::unique_ptr<Catalog> fresh() { return open_sqlite_catalog(folder_ + "/" + std::to_string(++made_)); }
  std::string path() const { return folder_ + "/" + std::to_string(made_); }

  void open() {
    double make = measured([&] { fresh(); });
    double again = measured([&] { open_sqlite_catalog(path())->id(); });
    std::printf("  \"make_ms\": %.2f, \"open_ms\": %.2f,\n", make * 1e3, again * 1e3);
  }

  void commits(std::int64_t batch) {
    auto catalog = fresh();
    Lease lease = catalog->create_run(new_run(1), "bench").second;
    const std::int64_t rounds = batch == 1 ? 1000 : 50'000 / batch;
    std::vector<Commit> work;
    for (std::int64_t i = 0; i < rounds; ++i) work.push_back(commit_of(lease, 1 + i * batch, batch));
    VfsCounts before = backlot_vfs().counts();
    double wall = measured([&] {
      for (const Commit& commit : work) catalog->commit(commit);
    });
    VfsCounts after = backlot_vfs().counts();
    double tasks = static_cast<double>(rounds * batch);
    std::printf(
        "  \"batch_%lld\": {\"tasks_per_s\": %.0f, \"us_per_task\": %.2f, \"commits\": %lld, \"syncs\": %llu,"
        " \"bytes_written_per_task\": %.0f},\n",
        static_cast<long long>(batch), tasks / wall, wall / tasks * 1e6, static_cast<long long>(rounds),
        static_cast<unsigned long long>(after.syncs - before.syncs),
        static_cast<double>(after.bytes_written - before.bytes_written) / tasks);
  }

  void size(std::int64_t tasks) {
    for (bool two_steps : {false, true}) {
      auto catalog = fresh();
      std::int64_t empty = database_bytes();
      Lease lease = catalog->create_run(new_run(1), "bench").second;
      if (two_steps) {
        commit_in_two_steps(*catalog, lease, tasks, 100);
      } else {
        for (std::int64_t first = 1; first <= tasks; first += 100) catalog->commit(commit_of(lease, first, 100));
      }
      std::printf("  \"bytes_per_task_%lld%s\": %.1f,\n", static_cast<long long>(tasks),
                  two_steps ? "_announced_first" : "",
                  static_cast<double>(database_bytes() - empty) / static_cast<double>(tasks));
    }
  }

  /// Size of the database, be its pages in the file or still in the log.
  std::int64_t database_bytes() {
    sqlite3* db = nullptr;
    sqlite3_stmt* row = nullptr;
    sqlite3_open_v2(path().c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_prepare_v2(db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", -1, &row, nullptr);
    std::int64_t bytes = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : -1;
    sqlite3_finalize(row);
    sqlite3_close(db);
    return bytes;
  }

  void clones() {
    auto catalog = fresh();
    auto [origin, lease] = catalog->create_run(new_run(1), "bench");
    catalog->commit(commit_of(lease, 1, 10'000));
    auto [run, clone_lease] = catalog->create_run(new_run(2), "bench");
    Commit commit;
    commit.lease = clone_lease;
    commit.clone_from = origin.key;
    for (std::int64_t n = 1; n <= 10'000; ++n) commit.clones.push_back({n, n, 0});
    double clone = measured([&] { catalog->commit(commit); });
    double steps = measured([&, key = run.key] { catalog->steps(key); });
    std::size_t visited = 0;
    double pass = measured(
        [&, key = run.key] { catalog->each_finished(key, [&](const TaskRow&, const AttemptRow&) { ++visited; }); });
    std::printf("  \"clone_10000_s\": %.4f, \"steps_of_10000_ms\": %.3f, \"each_finished_%zu_ms\": %.2f,\n", clone,
                steps * 1e3, visited, pass * 1e3);
  }

  void listing() {
    auto catalog = fresh();
    double made = measured([&] {
      for (std::int64_t i = 1; i <= 10'000; ++i) catalog->create_run(new_run(i), "bench");
    });
    std::printf("  \"create_run_ms\": %.3f,\n", made * 1e3 / 10'000);
    RunFilter filter;
    filter.limit = 10'000;
    auto reader = open_sqlite_catalog(path());
    std::size_t found = 0;
    double first = measured([&] { found = reader->runs(filter).size(); });
    double again = measured([&] { found = reader->runs(filter).size(); });
    filter.flow = "Bench";
    filter.tag = "nightly";
    double filtered = measured([&] { found = reader->runs(filter).size(); });
    std::printf("  \"list_%zu_runs_ms\": {\"first\": %.2f, \"again\": %.2f, \"by_flow_and_tag\": %.2f},\n", found,
                first * 1e3, again * 1e3, filtered * 1e3);
  }

  std::string folder_;
  int made_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    Bench(argc > 1 ? argv[1] : ".").run();
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "catalog_bench: %s\n", e.what());
    return 1;
  }
}
