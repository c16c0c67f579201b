#include "backlot/signals/score.h"

#include <gtest/gtest.h>

#include <random>

#include "backlot/signals/call_graph.h"
#include "backlot/signals/co_occurrence.h"

namespace backlot::signals {
namespace {

Evidence evidence(double effect, Nanos onset, double co_occurrence = 3, std::optional<unsigned> hops = 2) {
  Evidence e;
  e.moment.effect = effect;
  e.moment.onset = {onset, onset - minute, onset + minute};
  e.target = {100 * minute, 99 * minute, 101 * minute};
  e.r = 0.4;
  e.co_occurrence = co_occurrence;
  e.hops = hops;
  return e;
}

double score(const Evidence& e) { return sum_of(score_of(e)); }

TEST(Score, never_falls_with_a_larger_shift_an_earlier_onset_more_company_or_a_closer_neighbour) {
  std::mt19937 random(1);
  auto real = [&](double most) { return std::uniform_real_distribution<double>(0, most)(random); };
  for (int i = 0; i < 2000; ++i) {
    const double effect = real(40), co_occurrence = real(20);
    const auto onset = static_cast<Nanos>(real(200)) * minute;
    const auto hops = static_cast<unsigned>(real(9));
    const double here = score(evidence(effect, onset, co_occurrence, hops));
    EXPECT_GE(score(evidence(effect + real(5), onset, co_occurrence, hops)), here);
    EXPECT_GE(score(evidence(effect, onset - static_cast<Nanos>(real(60)) * minute, co_occurrence, hops)), here);
    EXPECT_GE(score(evidence(effect, onset, co_occurrence + real(3), hops)), here);
    if (hops > 0) { EXPECT_GE(score(evidence(effect, onset, co_occurrence, hops - 1)), here); }
  }
}

TEST(Score, the_end_of_a_chain_is_where_it_began) {
  EXPECT_EQ(origin_part(20, 0).points, 10);
  EXPECT_EQ(origin_part(20, 10).points, 10);
  EXPECT_EQ(origin_part(20, 15).points, 5);
  EXPECT_EQ(origin_part(20, 25).points, 0);
  EXPECT_EQ(origin_part(0, 0).points, 0);
  for (double own = 1; own < 35; ++own)
    for (double callees = 0; callees < 35; ++callees) {
      EXPECT_GE(origin_part(own + 1, callees).points, origin_part(own, callees).points);
      EXPECT_LE(origin_part(own, callees + 1).points, origin_part(own, callees).points);
    }
}

TEST(Score, order_is_by_whether_intervals_meet) {
  const Onset target{100, 90, 110};
  EXPECT_EQ(order_of({80, 70, 89}, target), Outcome::changed_before);
  EXPECT_EQ(order_of({80, 70, 90}, target), Outcome::changed_with);
  EXPECT_EQ(order_of({115, 110, 130}, target), Outcome::changed_with);
  EXPECT_EQ(order_of({120, 111, 130}, target), Outcome::changed_after);
}

TEST(CallGraph, counts_calls_either_way) {
  auto hops = hops_from("front", {{"front", "cart"}, {"cart", "stock"}, {"jobs", "stock"}, {"far", "away"}});
  EXPECT_EQ(hops["front"], 0u);
  EXPECT_EQ(hops["stock"], 2u);
  EXPECT_EQ(hops["jobs"], 3u);
  EXPECT_FALSE(hops.contains("far"));
}

struct World {
  std::vector<Row> rows;
  std::vector<Labels> labels;
  void add(const std::string& service, const std::vector<Nanos>& changes) {
    Row row;
    for (Nanos at : changes) row.moments.push_back({Happening::level, {at, at, at}, 0, 1, 5});
    rows.push_back(row);
    labels.push_back(Labels({{"service", service}, {"number", std::to_string(rows.size())}}));
  }
};

TEST(CoOccurrence, of_one_label_at_one_time_is_rare_and_of_a_restless_label_it_is_not) {
  std::mt19937 random(3);
  World world;
  for (int i = 0; i < 400; ++i) world.add("s" + std::to_string(i % 20), {});
  for (int i = 0; i < 6; ++i)
    world.rows[static_cast<std::size_t>(i) * 20].moments.push_back(
        {Happening::level, {500 * minute, 500 * minute, 500 * minute}, 0, 1, 5});
  for (int i = 0; i < 20; ++i) {
    std::vector<Nanos> restless;
    for (int k = 0; k < 200; ++k) restless.push_back(static_cast<Nanos>(random() % 1440) * minute);
    world.add("batch", restless);
  }
  CoOccurrence co_occurrence(world.rows, world.labels, {0, day});
  const auto together = co_occurrence.of(0, {500 * minute, 500 * minute, 500 * minute});
  EXPECT_GT(together.evidence, 3);
  EXPECT_EQ(together.shared.value, "s0");
  EXPECT_EQ(together.shared.count, 6u);
  const auto usual = co_occurrence.of(400, {700 * minute, 700 * minute, 700 * minute});
  EXPECT_LT(usual.evidence, 2);
}

// Whether there are series of something at all is decided once for all of them.
TEST(CoOccurrence, what_comes_with_all_its_series_came_once) {
  World world;
  for (int i = 0; i < 200; ++i) world.add("s" + std::to_string(i % 20), {static_cast<Nanos>(7 * i) * minute});
  for (const char* metric : {"p50", "p90", "p99", "requests", "errors", "bytes"}) {
    Row row;
    row.moments.push_back({Happening::born, {500 * minute, 500 * minute, 500 * minute}, 0, 0, 0});
    world.rows.push_back(row);
    world.labels.push_back(Labels({{std::string(metric_label), metric}, {"service", "rare"}}));
  }
  const Onset then{500 * minute, 500 * minute, 500 * minute};
  EXPECT_EQ(CoOccurrence(world.rows, world.labels, {0, day}).of(200, then).evidence, 0);
  for (std::size_t i = 200; i < 206; ++i) world.rows[i].moments[0].happening = Happening::level;
  EXPECT_GT(CoOccurrence(world.rows, world.labels, {0, day}).of(200, then).evidence, 5);
}

// A drift of all traffic moves the request counters of all services at once, again and again.
TEST(CoOccurrence, of_those_that_always_change_together_is_no_news) {
  std::mt19937 random(4);
  World world;
  std::vector<Nanos> waves;
  for (int k = 0; k < 12; ++k) waves.push_back(static_cast<Nanos>(100 + 100 * k) * minute);
  for (int i = 0; i < 400; ++i) world.add("s" + std::to_string(i % 20), {static_cast<Nanos>(random() % 1440) * minute});
  for (int i = 0; i < 40; ++i) world.add("traffic", waves);
  for (int i = 0; i < 6; ++i)
    world.rows[static_cast<std::size_t>(i) * 20].moments.push_back(
        {Happening::level, {550 * minute, 550 * minute, 550 * minute}, 0, 1, 5});
  CoOccurrence co_occurrence(world.rows, world.labels, {0, day});
  const auto cause = co_occurrence.of(0, {550 * minute, 550 * minute, 550 * minute});
  const auto wave = co_occurrence.of(400, {500 * minute, 500 * minute, 500 * minute});
  EXPECT_EQ(wave.shared.value, "traffic");
  EXPECT_GT(cause.evidence, 4);
  EXPECT_LT(wave.evidence, cause.evidence / 2);
}

TEST(CoOccurrence, surprise_is_the_tail_of_a_poisson_distribution) {
  EXPECT_EQ(surprise(0, 3), 0);
  EXPECT_NEAR(surprise(1, 0.1), 1.0216, 1e-3);  // 1 - e^-0.1
  EXPECT_GT(surprise(50, 1), 60);
}

}  // namespace
}  // namespace backlot::signals
