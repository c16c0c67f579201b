#include "backlot/signals/change_points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace backlot::signals {
namespace {

using Changes = std::vector<std::uint32_t>;

std::vector<double> steps(std::size_t each, const std::vector<double>& levels, unsigned seed = 1, double sigma = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, sigma);
  std::vector<double> samples;
  for (double level : levels)
    for (std::size_t i = 0; i < each; ++i) samples.push_back(level + noise(random));
  return samples;
}

/// The least objective of all segmentations.
double brute_force(const std::vector<double>& samples, Cost cost, double penalty, std::uint32_t min_size) {
  double best = std::numeric_limits<double>::infinity();
  const auto count = static_cast<std::uint32_t>(samples.size());
  for (std::uint32_t set = 0; set < 1u << (count - 1); ++set) {
    Changes changes;
    std::uint32_t begin = 0;
    bool fits = true;
    for (std::uint32_t i = 1; i <= count; ++i) {
      if (i < count && !((set >> (i - 1)) & 1)) continue;
      fits = fits && i - begin >= min_size;
      if (i < count) changes.push_back(i);
      begin = i;
    }
    if (fits) best = std::min(best, objective_of(samples, cost, penalty, changes));
  }
  return best;
}

struct Cell {
  Cost cost;
  Search search;
};
class Exact : public testing::TestWithParam<Cell> {};

TEST_P(Exact, never_worse_than_brute_force) {
  auto [cost, search] = GetParam();
  std::mt19937 random(7);
  const int cases = std::getenv("SIGNALS_CASES") ? std::atoi(std::getenv("SIGNALS_CASES")) : 300;
  for (int i = 0; i < cases; ++i) {
    const std::uint32_t least = cost == Cost::normal ? 2 : 1;
    const std::uint32_t min_size = search == Search::functional ? 1 : least + random() % 2;
    const std::size_t count = 2 * std::size_t{min_size} + random() % (11 - 2 * min_size);
    std::vector<double> samples;
    for (std::size_t k = 0; k < count; ++k) {
      double level = k * 2 < count ? 3 : 9;
      samples.push_back(cost == Cost::poisson ? static_cast<double>(std::poisson_distribution<int>(level)(random))
                        : i % 3 == 0          ? static_cast<double>(random() % 4)  // ties
                                              : level + std::normal_distribution<double>(0, 2)(random));
    }
    const double penalty = std::exp(std::uniform_real_distribution<double>(-2, 4)(random));
    Segmentation found = change_points(samples, {cost, penalty, search, min_size});
    const double best = brute_force(samples, cost, penalty, min_size);
    ASSERT_LE(found.objective, best + 1e-7 * (1 + std::abs(best))) << "case " << i;
    ASSERT_EQ(found.support, Support::exact);
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, Exact,
                         testing::Values(Cell{Cost::l2, Search::pelt}, Cell{Cost::l2, Search::functional},
                                         Cell{Cost::normal, Search::pelt}, Cell{Cost::poisson, Search::pelt},
                                         Cell{Cost::poisson, Search::functional}, Cell{Cost::l1, Search::pelt},
                                         Cell{Cost::l1, Search::functional}),
                         [](const auto& cell) {
                           return std::string(name_of(cell.param.cost)) + "_" + std::string(name_of(cell.param.search));
                         });

TEST(ChangePoints, searches_agree_on_long_series) {
  auto samples = steps(400, {0, 3, 1, 1, 6, 0});
  for (Cost cost : {Cost::l2, Cost::l1}) {
    auto functional = change_points(samples, {cost, {}, Search::functional, 1});
    auto pruned = change_points(samples, {cost, {}, Search::pelt, 1});
    EXPECT_EQ(functional.changes, pruned.changes) << name_of(cost);
    EXPECT_EQ(functional.changes.size(), 4u) << name_of(cost);
  }
}

TEST(ChangePoints, the_default_finds_what_was_made) {
  auto found = change_points(steps(100, {0, 5, 0})).changes;
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NEAR(found[0], 100, 1);
  EXPECT_NEAR(found[1], 200, 1);
}

TEST(ChangePoints, of_noise_that_remembers_the_default_makes_nothing) {
  for (double phi : {0.0, 0.5, 0.9}) {
    int cut = 0;
    for (unsigned seed = 0; seed < 40; ++seed) {
      std::mt19937 random(seed);
      std::normal_distribution<double> normal;
      std::vector<double> samples;
      double x = normal(random);
      for (int i = 0; i < 1440; ++i) samples.push_back(x = phi * x + std::sqrt(1 - phi * phi) * normal(random));
      cut += !change_points(samples).changes.empty();
    }
    EXPECT_LE(cut, 4) << phi;
  }
}

TEST(ChangePoints, counts_and_variances) {
  std::mt19937 random(3);
  std::vector<double> counts, wild;
  for (int i = 0; i < 300; ++i) counts.push_back(std::poisson_distribution<int>(i < 200 ? 0.2 : 2)(random));
  auto rare = change_points(counts, {Cost::poisson, {}, {}, 0}).changes;
  ASSERT_EQ(rare.size(), 1u);
  EXPECT_NEAR(rare[0], 200, 6);
  for (int i = 0; i < 300; ++i) wild.push_back(std::normal_distribution<double>(0, i < 150 ? 1 : 6)(random));
  auto louder = change_points(wild, {Cost::normal, {}, {}, 5}).changes;
  ASSERT_EQ(louder.size(), 1u);
  EXPECT_NEAR(louder[0], 150, 6);
}

TEST(ChangePoints, neither_scale_nor_offset_moves_a_change) {
  auto samples = steps(150, {0, 2, -1, 4});
  for (Cost cost : {Cost::l2, Cost::l1, Cost::normal}) {
    const Changes known = change_points(samples, {cost, {}, {}, 0}).changes;
    for (int exponent : {-30, -7, 7, 30}) {
      auto scaled = samples;
      for (double& x : scaled) x = std::ldexp(x, exponent);
      EXPECT_EQ(change_points(scaled, {cost, {}, {}, 0}).changes, known) << name_of(cost) << exponent;
    }
    for (double offset : {1e6, -1e9}) {  // sigma is 1: at least 2^20 units in the last place
      auto moved = samples;
      for (double& x : moved) x += offset;
      EXPECT_EQ(change_points(moved, {cost, {}, {}, 0}).changes, known) << name_of(cost) << offset;
    }
  }
}

TEST(ChangePoints, what_does_not_move_has_no_change) {
  EXPECT_TRUE(change_points(std::vector<double>(50, 3.0)).changes.empty());
  EXPECT_TRUE(change_points(std::vector<double>{}).changes.empty());
  EXPECT_TRUE(change_points(std::vector<double>{1}).changes.empty());
}

TEST(ChangePoints, all_that_is_wrong_is_said_at_once) {
  auto found = diagnose({Cost::normal, -1.0, Search::functional, 40}, 50);
  std::vector<std::string> places;
  for (auto& d : found) places.push_back(d.place);
  EXPECT_EQ(places, (std::vector<std::string>{"penalty", "min_size", "search", "min_size"}));
  EXPECT_THROW(change_points(steps(10, {0}), {Cost::l2, 0.0, {}, 0}), Error);
  EXPECT_THROW(change_points(std::vector<double>{1, std::nan(""), 2}), Error);
  EXPECT_THROW(change_points(std::vector<double>{1, -1, 2}, {Cost::poisson, 1.0, {}, 0}), Error);
}

}  // namespace
}  // namespace backlot::signals
