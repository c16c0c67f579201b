// What the engine costs: real programs, all their processes counted, answers asserted. Prints JSON; each figure is the
// median of five (of three at 100,000 tasks and above).  engine_bench [quick|full]
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

struct Cost {
  double wall_s = 0, cpu_s = 0, rss_mb = 0;
  std::string out;
};

std::string home;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "engine_bench: %s\n", why.c_str());
  std::exit(1);
}

Cost run(const std::vector<std::string>& words, int expected_code = 0) {
  auto began = std::chrono::steady_clock::now();
  std::string out = home + ".out";
  pid_t pid = fork();
  if (pid == 0) {
    if (!std::freopen(out.c_str(), "w", stdout)) _exit(126);
    setenv("BACKLOT_HOME", home.c_str(), 1);
    std::vector<std::string> copy = words;
    copy[0] = std::string(PROGRAMS) + "/" + copy[0];
    std::vector<char*> argv;
    for (auto& w : copy) argv.push_back(w.data());
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  rusage used{};
  wait4(pid, &status, 0, &used);
  std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != expected_code) fail(words[0] + " " + words[1] + " ended badly");
  std::ifstream in(out);
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  return {wall.count(),
          seconds(used.ru_utime) + seconds(used.ru_stime),
          static_cast<double>(used.ru_maxrss) / 1024,
          {std::istreambuf_iterator<char>(in), {}}};
}

double median(int times, const std::function<double()>& one) {
  std::vector<double> all;
  for (int i = 0; i < times; ++i) all.push_back(one());
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

void fresh_home() {
  fs::remove_all(home);
  fs::create_directories(home);
}

Json foreach_of(const std::string& flow, int width, int times, double floor_us) {
  std::vector<Cost> all;
  for (int i = 0; i < times; ++i) {
    fresh_home();
    run({"trivial", "run", "Three", "-q"});  // the binary is stored, the catalog made
    auto before = fs::file_size(home + "/catalog.sqlite");
    all.push_back(run({"trivial", "run", flow, "-q", "--width", std::to_string(width)}));
    std::string sum = std::to_string(static_cast<long long>(width) * (width - 1) / 2);
    Cost got = run({"backlot", "get", flow + "/last/end/sum"});
    if (got.out.find(sum) == std::string::npos) fail("the sum is wrong: " + got.out);
    run({"backlot", "fsck"});
    if (i + 1 < times) continue;
    std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.cpu_s < b.cpu_s; });
    const Cost& m = all[all.size() / 2];
    double catalog = static_cast<double>(fs::file_size(home + "/catalog.sqlite") +
                                         fs::file_size(home + "/catalog.sqlite-wal") - before);
    Json json{{"tasks", width},          {"wall_s", m.wall_s},
              {"cpu_s", m.cpu_s},        {"cpu_us_per_task", 1e6 * m.cpu_s / width},
              {"peak_rss_mb", m.rss_mb}, {"catalog_and_log_bytes_per_task", catalog / width}};
    if (flow == "Trivial") json["times_fork_floor"] = 1e6 * m.cpu_s / width / floor_us;
    return json;
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  bool full = argc > 1 && std::string(argv[1]) == "full";
  home = (fs::temp_directory_path() / ("backlot-bench-" + std::to_string(getpid()))).string();
  Json report;
  fresh_home();
  double floor = median(5, [] { return std::stod(run({"trivial", "--floor"}).out); });
  report["fork_exit_wait_cpu_us"] = floor;
  run({"trivial", "run", "Three", "-q"});
  report["help_wall_ms"] = median(11, [] { return 1e3 * run({"backlot", "--help"}).wall_s; });
  report["three_step_flow_wall_ms"] = median(5, [] { return 1e3 * run({"trivial", "run", "Three", "-q"}).wall_s; });
  report["get_one_artifact_wall_ms"] = median(5, [] {
    return 1e3 * run({"backlot", "get", "Three/last/end/value"}).wall_s;
  });
  report["foreach_1000"] = foreach_of("Trivial", 1000, 5, floor);
  report["foreach_10000"] = foreach_of("Trivial", 10'000, 5, floor);
  run({"trivial", "resume", "Trivial", "-q"});
  report["resume_10000_wall_s"] = median(5, [] {
    return run({"trivial", "resume", "Trivial", "-q", "--origin-run", "0"}).wall_s;
  });
  report["pure_100000"] = foreach_of("Pure", 100'000, 3, floor);
  if (full) {
    report["foreach_100000"] = foreach_of("Trivial", 100'000, 1, floor);
    report["pure_1000000"] = foreach_of("Pure", 1'000'000, 1, floor);
  }
  fs::remove_all(home);
  fs::remove(home + ".out");
  std::printf("%s\n", report.dump(2).c_str());
}
