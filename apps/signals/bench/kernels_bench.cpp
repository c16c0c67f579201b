// The kernels of signals alone, on one core: the screening of candidates at 121 lags, and exact change points. Prints
// JSON; given a folder, leaves the series of the change points there for peers to be timed with (signals_bench.py).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "backlot/base/error.h"
#include "backlot/signals/change_points.h"
#include "backlot/signals/lag_screen.h"

using namespace backlot::signals;
using Json = nlohmann::ordered_json;

namespace {

constexpr int repeats = 7;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// The median of so many runs.
template <class Action>
double timed(Action action) {
  std::vector<double> times;
  for (int i = 0; i < repeats; ++i) {
    const double begin = cpu_seconds();
    action();
    times.push_back(cpu_seconds() - begin);
  }
  std::nth_element(times.begin(), times.begin() + repeats / 2, times.end());
  return times[repeats / 2];
}

std::vector<double> noise(std::mt19937_64& random, std::size_t count, double gaps) {
  std::normal_distribution<double> normal;
  std::vector<double> values(count);
  for (double& v : values)
    v = std::uniform_real_distribution<double>(0, 1)(random) < gaps ? std::numeric_limits<double>::quiet_NaN()
                                                                    : normal(random);
  return values;
}

Json screening(double target_gaps, double gaps) {
  constexpr std::size_t candidates = 1024, samples = 1440;
  constexpr std::uint32_t max_lag = 60;
  std::mt19937_64 random(1);
  const auto target = noise(random, samples, target_gaps);
  std::vector<std::vector<double>> series;
  for (std::size_t i = 0; i < candidates; ++i) series.push_back(noise(random, samples, gaps));
  std::vector<Values> values(series.begin(), series.end());
  std::vector<LagCorrelation> best(candidates);
  const LagScreen screen(target, max_lag);
  const double seconds = timed([&] { screen.best(values, best); });
  double error = 0;
  for (std::size_t i = 0; i < candidates; ++i)
    error = std::max(error, std::abs(best[i].r - exact_correlation(series[i], target, best[i].lag)));
  BACKLOT_ASSERT(error < 1e-4);
  return {{"target_gaps", target_gaps},
          {"gaps", gaps},
          {"us_per_series", seconds / candidates * 1e6},
          {"largest_error", error}};
}

/// As ruptures' pw_constant: levels that jump by 1 to 10, unit noise.
std::vector<double> pieces(std::size_t count, std::size_t changes, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> values;
  double level = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (changes && i && i % (count / (changes + 1)) == 0)
      level += (random() % 2 ? 1 : -1) * std::uniform_real_distribution<double>(1, 10)(random);
    values.push_back(level + normal(random));
  }
  return values;
}

Json changing(const char* folder, std::size_t count, std::size_t changes) {
  const auto values = pieces(count, changes, 7);
  const double penalty = 3 * std::log(static_cast<double>(count));
  Segmentation found;
  const double seconds = timed([&] { found = change_points(values, {Cost::l2, penalty, {}, 0}); });
  BACKLOT_ASSERT(found.support == Support::exact && found.changes.size() >= changes &&
                 found.changes.size() <= changes + 3);
  if (folder) {
    std::ofstream file(std::string(folder) + "/" + std::to_string(count) + "_" + std::to_string(changes) + ".f64",
                       std::ios::binary);
    file.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(double)));
  }
  return {{"samples", count},   {"changes_made", changes},      {"changes_found", found.changes.size()},
          {"penalty", penalty}, {"objective", found.objective}, {"ms", seconds * 1e3}};
}

Json counting(std::size_t count) {
  std::mt19937_64 random(3);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(std::poisson_distribution<int>(i < count / 2 ? 0.5 : 1)(random));
  const double seconds = timed([&] { change_points(values, {Cost::poisson, {}, {}, 0}); });
  return {{"samples", count}, {"ms", seconds * 1e3}};
}

}  // namespace

int main(int argc, char** argv) {
  const char* folder = argc > 1 ? argv[1] : nullptr;
  Json json;
  json["screening"] = {screening(0, 0), screening(0, 0.1), screening(0.1, 0.1)};
  json["change_points_l2"] = {changing(folder, 1000, 5), changing(folder, 10'000, 20), changing(folder, 100'000, 200),
                              changing(folder, 10'000, 0), changing(nullptr, 1'000'000, 0)};
  json["change_points_poisson"] = {counting(1440), counting(14'400)};
  std::puts(json.dump(2).c_str());
}
