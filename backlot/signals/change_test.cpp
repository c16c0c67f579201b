#include "backlot/signals/change.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace backlot::signals {
namespace {

Samples samples_of(const std::vector<double>& values, Kind kind = Kind::gauge, Nanos step = minute) {
  Samples samples;
  samples.kind = kind;
  samples.assign({0, step, static_cast<std::uint32_t>(values.size())});
  for (std::uint32_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) samples.set(i, values[i]);
  return samples;
}

std::vector<double> noise(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> values(count);
  for (double& v : values) v = normal(random);
  return values;
}

TEST(Behaviour, a_step_is_found_with_its_interval) {
  auto values = noise(300, 4);
  for (std::size_t i = 200; i < 300; ++i) values[i] += 6;
  Behaviour found = behaviour_of(samples_of(values));
  ASSERT_EQ(found.changes.size(), 1u);
  const Change& change = found.changes[0];
  EXPECT_NEAR(change.index, 200, 1);
  EXPECT_LE(change.low, 200u);
  EXPECT_GE(change.high, 200u);
  EXPECT_NEAR(change.effect, 6, 1);
  EXPECT_EQ(change.kind, Change::Kind::level);
}

TEST(Behaviour, within_a_gap_nobody_knows_when) {
  auto values = noise(300, 5);
  for (std::size_t i = 200; i < 300; ++i) values[i] += 8;
  for (std::size_t i = 190; i < 210; ++i) values[i] = std::nan("");
  Behaviour found = behaviour_of(samples_of(values));
  ASSERT_EQ(found.changes.size(), 1u);
  EXPECT_LE(found.changes[0].low, 190u);
  EXPECT_GE(found.changes[0].high, 210u);
}

TEST(Behaviour, ten_minutes_are_an_excursion_at_any_step) {
  auto values = noise(240, 8);
  for (std::size_t i = 200; i < 202; ++i) values[i] += 30;
  const auto changes = behaviour_of(samples_of(values, Kind::gauge, 5 * minute)).changes;
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].index, 200u);
  EXPECT_EQ(changes[0].kind, Change::Kind::level);
  EXPECT_NEAR(changes[0].effect, 30, 5);
}

TEST(Behaviour, at_the_end_a_change_that_would_be_no_excursion_elsewhere_is_marginal) {
  auto values = noise(300, 9);
  for (std::size_t i = 297; i < 300; ++i) values[i] += 3;
  const auto changes = behaviour_of(samples_of(values)).changes;
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_TRUE(changes[0].is_marginal);
  for (std::size_t i = 297; i < 300; ++i) values[i] += 16;
  EXPECT_FALSE(behaviour_of(samples_of(values)).changes.back().is_marginal);
  auto middle = noise(300, 9);
  for (std::size_t i = 150; i < 153; ++i) middle[i] += 3;
  EXPECT_TRUE(behaviour_of(samples_of(middle)).changes.empty());
}

TEST(Behaviour, spikes_and_slopes_are_no_levels) {
  auto values = noise(400, 6);
  values[100] += 30;
  for (std::size_t i = 200; i < 203; ++i) values[i] += 12;
  for (const Change& change : behaviour_of(samples_of(values)).changes)
    EXPECT_EQ(change.kind, Change::Kind::spike) << change.index;
  auto ramp = noise(400, 7);
  for (std::size_t i = 0; i < 400; ++i) ramp[i] += 0.05 * static_cast<double>(i);
  auto changes = behaviour_of(samples_of(ramp)).changes;
  EXPECT_FALSE(changes.empty());
  for (const Change& change : changes) EXPECT_EQ(change.kind, Change::Kind::slope) << change.index;
}

TEST(Behaviour, what_says_nothing_is_said_to) {
  EXPECT_EQ(behaviour_of(samples_of(std::vector<double>(9, 1))).state, Behaviour::State::insufficient);
  EXPECT_EQ(behaviour_of(samples_of(std::vector<double>(90, 1))).state, Behaviour::State::flat);
  EXPECT_TRUE(behaviour_of(samples_of(noise(500, 8))).changes.empty());
}

TEST(Behaviour, what_stood_still_and_moves_has_changed) {
  std::vector<double> values(240, 100);
  for (std::size_t i = 235; i < 240; ++i) values[i] = 97;
  auto changes = behaviour_of(samples_of(values)).changes;
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].index, 235u);
  EXPECT_EQ(changes[0].kind, Change::Kind::level);
  EXPECT_GT(changes[0].effect, 5);
}

TEST(Behaviour, rare_events_by_their_rate) {
  std::mt19937 random(9);
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(std::poisson_distribution<int>(i < 300 ? 0.1 : 3)(random));
  auto changes = behaviour_of(samples_of(values, Kind::count)).changes;
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_NEAR(changes[0].index, 300, 2);
}

std::size_t count_of(Change::Kind kind, const std::vector<Change>& changes) {
  return static_cast<std::size_t>(
      std::count_if(changes.begin(), changes.end(), [&](const Change& change) { return change.kind == kind; }));
}

TEST(Behaviour, louder_noise_is_a_change_of_variance_and_of_nothing_else) {
  std::size_t levels = 0, found = 0;
  for (unsigned seed = 0; seed < 50; ++seed) {
    auto values = noise(600, 100 + seed);
    for (std::size_t i = 400; i < 600; ++i) values[i] *= 4;
    const auto changes = behaviour_of(samples_of(values)).changes;
    levels += count_of(Change::Kind::level, changes);
    for (const Change& change : changes) {
      if (change.kind != Change::Kind::variance) continue;
      ++found;
      EXPECT_LE(change.low, 400u + 10) << seed;
      EXPECT_GE(change.high, 400u - 10) << seed;
      EXPECT_NEAR(change.before, 1, 0.4) << seed;
      EXPECT_NEAR(change.after / change.before, 4, 1.2) << seed;
    }
  }
  EXPECT_EQ(found, 50u);
  EXPECT_LE(levels, 2u);
}

TEST(Behaviour, a_level_in_loud_noise_is_still_a_level) {
  auto values = noise(600, 10);
  for (std::size_t i = 300; i < 600; ++i) values[i] *= 4;
  for (std::size_t i = 450; i < 600; ++i) values[i] += 20;
  const auto changes = behaviour_of(samples_of(values)).changes;
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].kind, Change::Kind::variance);
  EXPECT_EQ(changes[1].kind, Change::Kind::level);
  EXPECT_NEAR(changes[1].index, 450, 3);
}

TEST(Behaviour, what_is_larger_and_moves_more_has_changed_its_level) {
  auto values = noise(600, 11);
  for (std::size_t i = 0; i < 600; ++i) values[i] = (i < 400 ? 10 : 40) * (1 + 0.1 * values[i]);
  const auto changes = behaviour_of(samples_of(values)).changes;
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].kind, Change::Kind::level);
}

TEST(Behaviour, neither_memory_nor_heavy_tails_nor_rounding_are_changes_of_variance) {
  std::mt19937 random(12);
  std::normal_distribution<double> normal;
  std::student_t_distribution<double> heavy(3);
  std::size_t found = 0;
  for (int round = 0; round < 100; ++round) {
    std::vector<double> slow(700), tailed(700), rounded(700);
    double at = 0;
    for (std::size_t i = 0; i < 700; ++i) {
      slow[i] = at = 0.8 * at + normal(random);
      tailed[i] = heavy(random);
      rounded[i] = std::round(0.8 * normal(random));
    }
    for (const auto& values : {slow, tailed, rounded})
      found += count_of(Change::Kind::variance, behaviour_of(samples_of(values)).changes);
  }
  EXPECT_LE(found, 1u);
}

TEST(Describe, tells_kinds_and_intervals_of_any_segmentation) {
  auto values = noise(400, 13);
  for (std::size_t i = 200; i < 300; ++i) values[i] *= 6;
  for (std::size_t i = 300; i < 400; ++i) values[i] += 30;
  ChangeOptions options;
  options.cost = Cost::normal;
  const auto cuts = change_points(values, options).changes;
  ASSERT_EQ(cuts.size(), 2u);
  const auto changes = describe(values, Cost::normal, cuts);
  EXPECT_EQ(changes[0].kind, Change::Kind::variance);
  EXPECT_EQ(changes[1].kind, Change::Kind::level);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(changes[k].index, cuts[k]);
    EXPECT_LE(changes[k].low, cuts[k]);
    EXPECT_GE(changes[k].high, cuts[k]);
  }
  EXPECT_NEAR(changes[1].before, 0, 2);
  EXPECT_NEAR(changes[1].after, 30, 1);
  EXPECT_NEAR(changes[0].after / changes[0].before, 6, 1.5);
  EXPECT_TRUE(describe(values, Cost::l2, {}).empty());
}

}  // namespace
}  // namespace backlot::signals
