// What the engine costs: real programs, all their processes counted, answers asserted. Prints JSON with every goal of
// the engine beside its figure; figures are medians of five.  engine_bench [quick|full]
// `full` adds 100,000 isolated tasks (run once), 1,000,000 pure items and what a task costs more when there are more of
// them.
#include <malloc.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "backlot/base/error.h"
#include "backlot/client/client.h"
#include "backlot/engine/frames.h"
#include "backlot/engine/graph_builder.h"
#include "backlot/store/local/local_store.h"
#include "bench/measured_run.h"

namespace {

using namespace backlot;
using namespace backlot::bench;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr int times = 5;

class Bench {
 public:
  explicit Bench(std::string home) : home_(std::move(home)) { fresh_home(); }
  ~Bench() { fs::remove_all(home_); }

  Json report(bool full) {
    start_up();
    one_artifact();
    isolated(1000);
    isolated(10'000);
    resume();
    fresh_processes();
    pure(100'000);
    resume_of_pure(100'000);
    memory_of_a_foreach();
    if (full) {
      isolated(100'000, 1);
      join_of_100000();
      marginal_costs();
      pure(1'000'000);
    }
    return std::move(report_);
  }

 private:
  // --- what is run
  Command trivial(std::vector<std::string> words) const {
    words.insert(words.begin(), std::string(PROGRAMS) + "/trivial");
    return {std::move(words), {{"BACKLOT_HOME", home_}}};
  }
  Command wide(const std::string& flow, int width) const {
    return trivial({"run", flow, "-q", "--width", std::to_string(width)});
  }
  /// Empty but for the program, which is stored with the first run.
  void fresh_home() const {
    fs::remove_all(home_);
    fs::create_directories(home_);
    run(trivial({"run", "Three", "-q"}));
  }

  // --- what is asserted
  client::Client client() const { return client::Client(Home{home_}); }
  template <class T>
  void expect(const std::string& pathspec, const T& value) const {
    if (client().artifact(Pathspec::parse(pathspec)).as<T>() != value) {
      throw Error(ErrorCode::internal, pathspec + " is wrong");
    }
  }
  void expect_sum(const std::string& flow, int width) const {
    expect<std::int64_t>(flow + "/last/end/sum", static_cast<std::int64_t>(width) * (width - 1) / 2);
    run({{std::string(PROGRAMS) + "/backlot", "fsck"}, {{"BACKLOT_HOME", home_}}});
  }

  // --- what is reported
  void goal(const std::string& name, double figure, double at_most, const char* unit) {
    report_["goals"].push_back(
        {{"goal", name}, {"figure", figure}, {"at_most", at_most}, {"unit", unit}, {"reached", figure <= at_most}});
  }

  void start_up() {
    Command help{{std::string(PROGRAMS) + "/backlot", "--help"}};
    goal("backlot --help", median_of(11, [&] { return 1e3 * run(help).wall_s; }), 5, "ms");
    double three = median_of(times, [&] { return 1e3 * run(trivial({"run", "Three", "-q"})).wall_s; });
    expect<int>("Three/last/end/value", 3);
    goal("a three-step flow from command to exit", three, 60, "ms");
  }

  /// By the library, in a process that has the home open.
  void one_artifact() {
    client::Client reader = client();
    Pathspec value = Pathspec::parse("Three/last/end/value");
    auto read = [&] {
      auto began = std::chrono::steady_clock::now();
      if (reader.artifact(value).as<int>() != 3) throw Error(ErrorCode::internal, "the value is wrong");
      return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
    };
    goal("one small artifact", median_of(1001, read), 0.2, "ms");
  }

  /// Fork, exit and wait of the runner, measured in a task of this very program.
  double fork_floor_us() const {
    run(trivial({"run", "Floor", "-q"}));
    return client().artifact(Pathspec::parse("Floor/last/fork_and_wait/cpu_us")).as<double>();
  }

  void isolated(int width, int rounds = times) {
    std::vector<double> walls, cpus, ratios, floors, peaks;
    for (int i = 0; i < rounds; ++i) {
      fresh_home();
      floors.push_back(fork_floor_us());
      std::int64_t before = database_bytes();
      Cost cost = run(wide("Trivial", width));
      expect_sum("Trivial", width);
      catalog_bytes_ = static_cast<double>(database_bytes() - before) / width;
      walls.push_back(cost.wall_s);
      cpus.push_back(1e6 * cost.cpu_s / width);
      ratios.push_back(cpus.back() / floors.back());
      peaks.push_back(cost.peak_mb);
    }
    std::string name = std::to_string(width) + " isolated durable tasks";
    report_[name] = {{"wall_s", median(walls)},
                     {"cpu_us_per_task", median(cpus)},
                     {"fork_exit_wait_us", median(floors)},
                     {"times_fork_exit_wait", median(ratios)},
                     {"peak_mb", median(peaks)},
                     {"catalog_bytes_per_task", catalog_bytes_}};
    if (width != 10'000) return;
    goal("CPU of a task", median(cpus), 600, "us");
    goal("… as times fork + exit + wait of the runner", median(ratios), 3, "x");
    goal("foreach of 10,000", median(walls), 6, "s");
    goal("catalog for a task", catalog_bytes_, 400, "B");
  }

  /// Of the run that isolated() left.
  void resume() {
    double took = median_of(times, [&] {
      Cost cost = run(trivial({"resume", "Trivial", "-q"}));
      client::Run resumed = client().run(Pathspec::parse("Trivial/last"));
      if (resumed.row().origin == no_run || resumed.row().tasks_done != 10'003) {
        throw Error(ErrorCode::internal, "the resumed run has not taken over all tasks");
      }
      return cost.wall_s;
    });
    expect_sum("Trivial", 10'000);
    goal("resume of 10,000 tasks", took, 0.5, "s");
  }

  void fresh_processes() {
    constexpr int width = 1000;
    double ratio = median_of(times, [&] {
      Command nothing = trivial({"--nothing"});
      double floor = 0;
      for (int i = 0; i < 300; ++i) floor += 1e6 * run(nothing).cpu_s / 300;
      Command fresh = wide("Trivial", width);
      fresh.environment.emplace_back("BACKLOT_FRESH", "1");
      double task = 1e6 * run(fresh).cpu_s / width;
      report_["fresh_process"] = {{"cpu_us_per_task", task}, {"bare_exec_us", floor}};
      return task / floor;
    });
    expect_sum("Trivial", width);
    goal("a task in a fresh process, as times a bare exec of the program", ratio, 1.5, "x");
  }

  void pure(int width) {
    std::vector<double> walls, cpus, peaks;
    for (int i = 0; i < times; ++i) {
      fresh_home();
      Cost cost = run(wide("Pure", width));
      expect_sum("Pure", width);
      walls.push_back(cost.wall_s);
      cpus.push_back(1e6 * cost.cpu_s / width);
      peaks.push_back(cost.peak_mb);
    }
    report_[std::to_string(width) + " pure items"] = {
        {"wall_s", median(walls)}, {"cpu_us_per_item", median(cpus)}, {"peak_mb", median(peaks)}};
    if (width != 1'000'000) return;
    goal("1,000,000 pure items", median(walls), 60, "s");
    goal("… their largest process", median(peaks), 300, "MB");
  }

  /// What a resume costs, as times the run it goes on from: of pure items that had not finished, and of those that had.
  void resume_of_pure(int width) {
    auto resume = [&](const char* step) { return run(trivial({"resume", "Pure", step, "-q"})).cpu_s; };
    std::vector<double> unfinished, finished;
    for (int i = 0; i < times; ++i) {
      fresh_home();
      const double anew = run(wide("Pure", width)).cpu_s;
      unfinished.push_back(resume("work") / anew);
      expect_sum("Pure", width);
      finished.push_back(resume("end") / anew);
      expect_sum("Pure", width);
    }
    goal("a resume that runs its pure items, as times a fresh run", median(unfinished), 1.1, "x");
    goal("a resume that keeps its pure items, as times a fresh run", median(finished), 0.7, "x");
  }

  /// CPU of the join's own process in the run that isolated() left.
  void join_of_100000() {
    client::Task join = client().task(Pathspec::parse("Trivial/last/join/[]"));
    const Usage usage = join.attempts().back().usage;
    goal("a join that reads a value of 100,000 branches", static_cast<double>(usage.user_us + usage.system_us) / 1e6, 1,
         "CPU s");
  }

  /// What the scheduler keeps of a foreach: of the items that wait, and of each that has finished and is not joined.
  void memory_of_a_foreach() {
    constexpr std::uint64_t width = 1'000'000, finished = 900'000;
    auto used = [] {
      struct mallinfo2 info = mallinfo2();
      return static_cast<double>(info.uordblks + info.hblkhd);
    };
    Graph graph = foreach_graph();
    Plan plan(graph, {});
    auto store = open_local_store(system_files(), system_clock(), Home{home_}.store());
    Frames frames(system_files(), home_ + "/scratch", {"Foreach", 1, 0}, graph, *store);
    Manifest first, each;
    first.next.fan_out = Transition::FanOut{width, {}};
    each.artifacts = {{"value", Reference::inlined(TypeTag::integer, "\x01")}};
    each.own = 1;
    double before = used();
    frames.follow(plan, plan.take(first_node), 1, first, true);
    double waiting = used() - before;
    for (std::uint64_t i = 0; i < finished; ++i) {
      frames.follow(plan, plan.take(plan.ready().front()), static_cast<std::int64_t>(i) + 2, each, true);
    }
    goal("memory of a foreach whose 1,000,000 items wait", waiting, 65536, "B in all");
    goal("memory of an item that has finished and is not joined", (used() - before - waiting) / finished, 64, "B");
  }

  /// What one more task costs, between 1,000 and 10,000 and between 10,000 and 100,000.
  void marginal_costs() {
    struct Sizes {
      double calls = 0, bytes = 0, rows = 0;
    };
    auto sizes = [&](int width) -> std::optional<Sizes> {
      fresh_home();
      // The items have equally many digits whatever the width: what more of them take is not ours.
      Command command = wide("Trivial", width);
      command.words.insert(command.words.end(), {"--first", "1000000"});
      auto calls = count_system_calls(command, home_ + ".perf");
      fs::remove(home_ + ".perf");
      if (!calls) return std::nullopt;
      expect_sum("Trivial", width);
      return Sizes{static_cast<double>(*calls), static_cast<double>(database_bytes() + bytes_beside_catalog()),
                   static_cast<double>(rows())};
    };
    auto small = sizes(1000), medium = sizes(10'000), large = sizes(100'000);
    if (!small || !medium || !large) {
      report_["marginal_costs"] = "not measured here: perf cannot count system calls";
      return;
    }
    auto compare = [&](const char* what, double Sizes::*size) {
      double at_10000 = ((*medium).*size - (*small).*size) / 9000;
      double at_100000 = ((*large).*size - (*medium).*size) / 90'000;
      report_["marginal_costs"][what] = {{"at_10000", at_10000}, {"at_100000", at_100000}};
      goal(std::string(what) + " of one more task at 100,000, as times those at 10,000", at_100000 / at_10000, 1.05,
           "x");
    };
    compare("system calls", &Sizes::calls);
    compare("bytes", &Sizes::bytes);
    compare("rows", &Sizes::rows);
  }

  // --- how large things are
  std::int64_t query(const char* sql) const {
    sqlite3* database = nullptr;
    sqlite3_stmt* row = nullptr;
    std::int64_t result = -1;
    if (sqlite3_open_v2(Home{home_}.catalog().c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(database, sql, -1, &row, nullptr) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW) {
      result = sqlite3_column_int64(row, 0);
    }
    sqlite3_finalize(row);
    sqlite3_close(database);
    if (result < 0) throw Error(ErrorCode::internal, std::string("the catalog does not answer ") + sql);
    return result;
  }
  /// Of the catalog, be its pages in the file or still in its log.
  std::int64_t database_bytes() const {
    return query("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  }
  std::int64_t rows() const { return query("SELECT (SELECT count(*) FROM task) + (SELECT count(*) FROM attempt)"); }
  std::int64_t bytes_beside_catalog() const {
    std::int64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(home_)) {
      bool is_catalog = entry.path().filename().string().starts_with("catalog.sqlite");
      if (entry.is_regular_file() && !is_catalog) bytes += static_cast<std::int64_t>(entry.file_size());
    }
    return bytes;
  }

  std::string home_;
  Json report_{{"bench", "engine"}, {"cores", sysconf(_SC_NPROCESSORS_ONLN)}, {"goals", Json::array()}};
  double catalog_bytes_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    bool full = argc > 1 && std::strcmp(argv[1], "full") == 0;
    Bench bench((fs::temp_directory_path() / ("backlot-bench-" + std::to_string(getpid()))).string());
    std::printf("%s\n", bench.report(full).dump(2).c_str());
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "engine_bench: %s\n", e.what());
    return 1;
  }
}
