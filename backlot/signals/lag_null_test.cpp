#include "backlot/signals/lag_null.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "backlot/signals/rank_correlation.h"

namespace backlot::signals {
namespace {

std::vector<double> remembering(std::mt19937_64& random, std::size_t count, double phi, double gaps) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<double> values;
  double x = normal(random) / std::sqrt(1 - phi * phi);
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(uniform(random) < gaps ? std::nan("") : x);
    x = phi * x + normal(random);
  }
  return values;
}

struct Case {
  std::size_t samples;
  double phi, gaps;
};
class Calibration : public testing::TestWithParam<Case> {};

/// Independent pairs are called significant as often as is said; SIGNALS_PAIRS of them.
TEST_P(Calibration, of_independent_pairs) {
  auto [samples, phi, gaps] = GetParam();
  const int wanted = std::getenv("SIGNALS_PAIRS") ? std::atoi(std::getenv("SIGNALS_PAIRS"))
                     : samples > 1000             ? 1600
                                                  : 8000;
  const auto max_lag = static_cast<std::uint32_t>(std::min<std::size_t>(60, samples / 3));
  std::mt19937_64 random(11);
  int pairs = 0, at_1e2 = 0, at_1e3 = 0, at_1e4 = 0;
  while (pairs < wanted) {
    const LagNull null(remembering(random, samples, phi, gaps), max_lag, static_cast<std::uint64_t>(pairs));
    std::vector<std::vector<double>> candidates;
    for (int i = 0; i < 800; ++i) candidates.push_back(remembering(random, samples, phi, gaps));
    std::vector<Values> views(candidates.begin(), candidates.end());
    std::vector<LagCorrelation> found(views.size());
    null.largest(views, found);
    for (std::size_t i = 0; i < views.size(); ++i, ++pairs) {
      const double p = null.p_value(found[i].r, views[i]);
      at_1e2 += p < 1e-2;
      at_1e3 += p < 1e-3;
      at_1e4 += p < 1e-4;
    }
  }
  auto within = [&](int count, double level, const char* name) {
    // Four deviations of a binomial, and a twentieth for the fitted tail, which is one for each target.
    const double expected = level * pairs, bound = 4 * std::sqrt(expected) + 0.05 * expected + 1;
    EXPECT_NEAR(count, expected, bound) << name;
  };
  within(at_1e2, 1e-2, "1e-2");
  within(at_1e3, 1e-3, "1e-3");
  within(at_1e4, 1e-4, "1e-4");
}

INSTANTIATE_TEST_SUITE_P(Null, Calibration,
                         testing::Values(Case{30, 0, 0}, Case{30, 0.99, 0}, Case{30, 0.5, 0.1}, Case{120, 0, 0},
                                         Case{120, 0.9, 0}, Case{120, 0.99, 0.1}, Case{1440, 0.9, 0}));

TEST(LagNull, what_follows_the_target_is_no_chance) {
  std::mt19937_64 random(12);
  const auto target = remembering(random, 400, 0.9, 0);
  auto follower = remembering(random, 400, 0, 0);
  for (std::size_t t = 5; t < 400; ++t) follower[t] += target[t - 5];
  const LagNull null(target, 40);
  const Values candidates[] = {follower};
  LagCorrelation found[1];
  null.largest(candidates, found);
  EXPECT_EQ(found[0].lag, -5);
  EXPECT_LT(null.p_value(found[0].r, follower), 1e-6);
}

TEST(FalseDiscoveryRates, are_those_of_benjamini_and_hochberg) {
  const auto q = false_discovery_rates({0.01, 0.04, std::nan(""), 0.03, 0.005});
  EXPECT_DOUBLE_EQ(q[0], 0.02);
  EXPECT_DOUBLE_EQ(q[1], 0.04);
  EXPECT_TRUE(std::isnan(q[2]));
  EXPECT_DOUBLE_EQ(q[3], 0.04);
  EXPECT_DOUBLE_EQ(q[4], 0.02);
}

TEST(RankCorrelation, is_of_ranks_and_shares_ties) {
  const std::vector<double> x{1, 2, 3, 4, 1000}, y{2, 4, 6, 8, 9}, tied{1, 1, 2, 2, 3};
  EXPECT_DOUBLE_EQ(rank_correlation(x, y, 0, 0, 5), 1);
  EXPECT_NEAR(rank_correlation(x, tied, 0, 0, 5), 0.9486832980505138, 1e-12);  // as scipy.stats.spearmanr
  EXPECT_DOUBLE_EQ(rank_correlation(x, y, 1, 0, 4), 1);
  EXPECT_TRUE(std::isnan(rank_correlation(x, y, 0, 0, 2)));
}

}  // namespace
}  // namespace backlot::signals
