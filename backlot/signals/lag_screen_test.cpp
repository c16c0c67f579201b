#include "backlot/signals/lag_screen.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace backlot::signals {
namespace {

using Data = std::vector<double>;

Data gappy_noise(std::mt19937& random, std::uint32_t count, double gaps, double offset = 0, double phi = 0.5) {
  std::normal_distribution<double> normal;
  Data data;
  double x = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    x = phi * x + normal(random);
    data.push_back(std::uniform_real_distribution<double>(0, 1)(random) < gaps ? std::nan("") : offset + x);
  }
  return data;
}

TEST(LagScreen, is_the_exact_correlation_of_each_overlap) {
  std::mt19937 random(5);
  double largest = 0;
  for (double target_gaps : {0.0, 0.1})
    for (double gaps : {0.0, 0.1, 0.6})
      for (auto [count, max_lag] : {std::pair{1440u, 60u}, {100u, 60u}, {31u, 15u}, {288u, 12u}}) {
        Data target = gappy_noise(random, count, target_gaps, 1e6), candidate = gappy_noise(random, count, gaps, -50);
        LagScreen screen(target, max_lag);
        std::vector<float> all = screen.all(candidate);
        ASSERT_EQ(all.size(), 2 * max_lag + 1);
        for (std::uint32_t l = 0; l < all.size(); ++l) {
          const auto lag = static_cast<std::int32_t>(l) - static_cast<std::int32_t>(max_lag);
          if (std::isnan(all[l])) continue;
          largest =
              std::max(largest, std::abs(static_cast<double>(all[l]) - exact_correlation(candidate, target, lag)));
        }
      }
  RecordProperty("largest_error", std::to_string(largest));
  EXPECT_LT(largest, 1e-5);
}

TEST(LagScreen, too_few_that_meet_say_nothing) {
  std::mt19937 random(6);
  Data target = gappy_noise(random, 40, 0), candidate = gappy_noise(random, 40, 0);
  for (std::uint32_t i = 12; i < 40; ++i) candidate[i] = std::nan("");
  std::vector<float> all = LagScreen(target, 20).all(candidate);
  EXPECT_FALSE(std::isnan(all[20]));      // 12 meet
  EXPECT_FALSE(std::isnan(all[20 - 2]));  // 10
  EXPECT_TRUE(std::isnan(all[20 - 3]));
}

TEST(LagScreen, a_positive_lag_says_that_the_candidate_leads) {
  std::mt19937 random(7);
  Data target = gappy_noise(random, 500, 0);
  std::vector<Data> followers;
  std::vector<Values> candidates;
  for (int lag = -30; lag <= 30; lag += 5) {
    Data moved = gappy_noise(random, 500, 0.05);
    for (int t = 0; t < 500; ++t)
      if (t + lag >= 0 && t + lag < 500 && !std::isnan(moved[static_cast<std::size_t>(t)]))
        moved[static_cast<std::size_t>(t)] = -3 * target[static_cast<std::size_t>(std::int64_t{t + lag})] + 7;
    followers.push_back(moved);
  }
  for (const Data& f : followers) candidates.push_back(f);
  std::vector<LagCorrelation> found(candidates.size());
  LagScreen(target, 30).best(candidates, found);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].lag, -30 + 5 * static_cast<int>(i));
    EXPECT_LT(found[i].r, -0.9);
  }
}

TEST(LagScreen, what_does_not_move_correlates_with_nothing) {
  std::mt19937 random(8);
  Data target = gappy_noise(random, 200, 0), flat = gappy_noise(random, 200, 0);
  for (double& x : flat) x = 1e9;
  Values candidates[] = {flat};
  LagCorrelation found[1];
  LagScreen(target, 20).best(candidates, found);
  EXPECT_EQ(found[0].r, 0);
}

TEST(LagScreen, neighbours_in_a_block_do_not_matter) {
  std::mt19937 random(9);
  Data target = gappy_noise(random, 300, 0.05);
  std::vector<Data> data;
  for (int i = 0; i < 19; ++i) data.push_back(gappy_noise(random, 300, i % 3 ? 0.1 : 0));
  std::vector<Values> candidates(data.begin(), data.end());
  std::vector<LagCorrelation> together(19);
  LagScreen screen(target, 40);
  screen.best(candidates, together);
  for (std::size_t i = 0; i < 19; ++i) {
    LagCorrelation alone[1];
    screen.best({&candidates[i], 1}, alone);
    EXPECT_EQ(alone[0].r, together[i].r) << i;
    EXPECT_EQ(alone[0].lag, together[i].lag) << i;
  }
}

}  // namespace
}  // namespace backlot::signals
