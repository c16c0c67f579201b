#include "backlot/signals/change.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace backlot::signals {
namespace {

Samples samples_of(const std::vector<double>& values, Kind kind = Kind::gauge) {
  Samples samples;
  samples.kind = kind;
  samples.assign({0, minute, static_cast<std::uint32_t>(values.size())});
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

}  // namespace
}  // namespace backlot::signals
