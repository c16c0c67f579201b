// Thousands of histories; SIM_SEEDS=n runs more, from SIM_FIRST_SEED=k on; SIM_SEED=k replays one.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/sim/simulation.h"

namespace backlot::sim {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(Simulator, every_history_keeps_the_promises) {
  std::uint64_t only = number_from("SIM_SEED", 0);
  std::uint64_t first = only ? only : number_from("SIM_FIRST_SEED", 1);
  std::uint64_t last = only ? only : first + number_from("SIM_SEEDS", 2000) - 1;
  History all;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    History h = simulate(seed);
    ASSERT_EQ(h.problem, "") << "replay with SIM_SEED=" << seed;
    all.power_cuts += h.power_cuts;
    all.kills += h.kills;
    all.takeovers += h.takeovers;
    all.flips += h.flips;
    all.replaced += h.replaced;
    all.runs += h.runs;
    all.tasks += h.tasks;
    all.cloned += h.cloned;
    all.cached += h.cached;
    all.retried += h.retried;
    all.edited += h.edited;
  }
  std::printf(
      "%llu histories: %d runs, %lld tasks, %lld cloned, %lld cached, %lld retries, %d power cuts, %d kills, %d "
      "takeovers, %d flipped bits, %d replaced catalogs, %lld resumes of an edited flow\n",
      static_cast<unsigned long long>(last - first + 1), all.runs, static_cast<long long>(all.tasks),
      static_cast<long long>(all.cloned), static_cast<long long>(all.cached), static_cast<long long>(all.retried),
      all.power_cuts, all.kills, all.takeovers, all.flips, all.replaced, static_cast<long long>(all.edited));
  if (only) return;
  EXPECT_GT(all.power_cuts, 0);
  EXPECT_GT(all.kills, 0);
  EXPECT_GT(all.takeovers, 0);
  EXPECT_GT(all.cloned, 0);
  EXPECT_GT(all.cached, 0);
  EXPECT_GT(all.edited, 0);
  EXPECT_GT(all.flips, 0);
  EXPECT_GT(all.replaced, 0);
}

class Proof : public testing::TestWithParam<Bug> {};

TEST_P(Proof, the_bug_is_found_within_a_thousand_seeds) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    History h = simulate(seed, GetParam());
    if (h.problem.empty()) continue;
    std::printf("%s: %s\n", std::string(name_of(GetParam())).c_str(), h.problem.c_str());
    return;
  }
  FAIL() << name_of(GetParam()) << " was not found: the simulator is blind to it";
}

INSTANTIATE_TEST_SUITE_P(Bugs, Proof, testing::ValuesIn(all_bugs),
                         [](const auto& bug) { return std::string(name_of(bug.param)); });

}  // namespace
}  // namespace backlot::sim
