#include "backlot/signals/prepare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "backlot/signals/lifetime.h"
#include "backlot/signals/replica_groups.h"

namespace backlot::signals {
namespace {

constexpr double gone = std::numeric_limits<double>::quiet_NaN();

Samples samples_with(std::vector<double> values, Kind kind = Kind::gauge, Nanos step = minute) {
  Samples samples;
  samples.kind = kind;
  samples.assign({0, step, static_cast<std::uint32_t>(values.size())});
  for (std::uint32_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) samples.set(i, values[i]);
  return samples;
}

TEST(Samples, what_is_no_number_is_missing_for_that_reason) {
  Samples samples = samples_with({1, 2, 3});
  samples.set(0, std::nan(""));
  samples.set(1, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(samples.missing, (std::vector<Missing>{Missing::nan, Missing::infinite, Missing::no}));
  EXPECT_TRUE(std::isnan(samples.values[1]));
}

TEST(Differentiate, counters_become_rates_and_resets_are_not_known) {
  Samples counter = samples_with({1000.5, 1600.5, 2200.5, 10, 610, gone, 1810, 2410}, Kind::counter);
  differentiate(counter);
  EXPECT_EQ(counter.kind, Kind::gauge);
  EXPECT_EQ(counter.values[1], 10);
  EXPECT_EQ(counter.missing[0], Missing::absent);
  EXPECT_EQ(counter.missing[3], Missing::reset);
  EXPECT_EQ(counter.values[4], 10);
  EXPECT_EQ(counter.missing[6], Missing::absent) << "the sample before is missing";
  EXPECT_EQ(counter.values[7], 10);
}

TEST(Differentiate, rare_events_are_counts) {
  Samples counter = samples_with({5, 5, 6, 6, 9, 9}, Kind::counter);
  differentiate(counter);
  EXPECT_EQ(counter.kind, Kind::count);
  EXPECT_EQ(counter.values[2], 1);
  EXPECT_EQ(counter.values[4], 3);
}

TEST(Coarsen, means_of_gauges_and_sums_of_whole_counts) {
  Samples gauge = samples_with({1, 3, gone, 5, gone, gone});
  coarsen(gauge, 2 * minute);
  EXPECT_EQ(gauge.grid.count, 3u);
  EXPECT_EQ(gauge.values[0], 2);
  EXPECT_EQ(gauge.values[1], 5);
  EXPECT_FALSE(gauge.has(2));
  Samples count = samples_with({1, 3, gone, 5}, Kind::count);
  coarsen(count, 2 * minute);
  EXPECT_EQ(count.values[0], 4);
  EXPECT_FALSE(count.has(1));
}

TEST(Absence, is_zero_only_where_it_is_said_to_be) {
  Samples samples = samples_with({gone, 2});
  samples.lose(1, Missing::nan);
  settle_absence(samples, Absence::zero);
  EXPECT_EQ(samples.values[0], 0);
  EXPECT_FALSE(samples.has(1));
}

TEST(Deseason, takes_out_what_comes_back_each_week_and_adds_no_noise_to_what_does_not) {
  std::mt19937 random(2);
  std::normal_distribution<double> noise;
  auto week = [&](double cycle) {
    std::vector<double> values;
    for (int i = 0; i < 600; ++i) values.push_back(100 + cycle * std::sin(i / 95.0) + noise(random));
    return samples_with(values);
  };
  auto spread = [](const Samples& s) {
    double sum = 0;
    for (double v : s.values) sum += (v - 100) * (v - 100);
    return std::sqrt(sum / static_cast<double>(s.values.size()));
  };
  Samples daily = week(10), plain = week(0);
  std::vector<Samples> before{week(10), week(10), week(10)}, quiet{week(0), week(0), week(0)};
  const double own = spread(plain);
  EXPECT_TRUE(deseason(daily, before, 600));
  EXPECT_LT(spread(daily), 2.5);
  EXPECT_TRUE(deseason(plain, quiet, 600));
  EXPECT_EQ(spread(plain), own);
  std::vector<Samples> empty{samples_with(std::vector<double>(600, gone))};
  EXPECT_FALSE(deseason(daily, empty, 600));
}

TEST(Lifetime, births_and_deaths_are_longer_than_gaps) {
  std::vector<double> values(60, 1);
  EXPECT_FALSE(lifetime_of(samples_with(values)).born || lifetime_of(samples_with(values)).died);
  for (int i = 0; i < 6; ++i) values[static_cast<std::size_t>(i)] = gone;
  EXPECT_EQ(lifetime_of(samples_with(values)).born, 6u);
  for (int i = 30; i < 40; ++i) values[static_cast<std::size_t>(i)] = gone;
  EXPECT_FALSE(lifetime_of(samples_with(values)).born) << "it has had a longer gap since";
  Samples ended = samples_with(std::vector<double>(20, 1));
  ended.lose(18, Missing::stale);
  ended.lose(19, Missing::absent);
  EXPECT_EQ(lifetime_of(ended).died, 18u) << "the source said so";
}

TEST(Lifetime, of_what_is_rarely_there_a_silence_says_little) {
  std::vector<double> rare(240, gone);
  for (std::size_t i : {200u, 203u, 210u, 219u, 221u, 230u}) rare[i] = 1;
  EXPECT_TRUE(lifetime_of(samples_with(rare)).born) << "two hundred steps are long even so";
  for (std::size_t i : {10u, 30u, 39u, 60u, 70u, 85u, 100u, 120u, 130u, 150u}) rare[i] = 1;
  const Lifetime lifetime = lifetime_of(samples_with({rare.begin(), rare.begin() + 200}));
  EXPECT_FALSE(lifetime.born || lifetime.died) << "fifty are not";
}

class Pods : public SeriesSource {
 public:
  std::size_t size() const override { return 4; }
  Labels labels(std::size_t i) const override {
    if (i == 3) return Labels({std::pair<std::string, std::string>("__name__", "threads")});
    return Labels(
        {{"__name__", "cpu"}, {"pod", std::string(1, static_cast<char>('a' + i))}, {"zone", i == 2 ? "y" : "x"}});
  }
  void read(std::size_t, unsigned, Samples&) const override {}
};

TEST(ReplicaGroups, replicas_of_one_thing_are_one) {
  auto groups = replica_groups_of(Pods(), default_volatile_labels(), std::vector<bool>(4));
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].members, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(groups[0].labels.text(), R"(cpu{zone="x"})");
  EXPECT_EQ(groups[1].labels.text(), R"(cpu{pod="c",zone="y"})");
  EXPECT_EQ(groups[2].labels.text(), "threads");
}

TEST(ReplicaGroups, together_is_the_mean_of_those_that_are_there) {
  Samples sum = together({samples_with({1, 1, gone, gone}), samples_with({gone, 3, 3, gone})});
  EXPECT_EQ(sum.values[0], 1);
  EXPECT_EQ(sum.values[1], 2);
  EXPECT_EQ(sum.values[2], 3);
  EXPECT_FALSE(sum.has(3));
}

}  // namespace
}  // namespace backlot::signals
