#include "backlot/signals/histograms.h"

#include <gtest/gtest.h>

#include <cmath>

#include "backlot/signals/raw_series.h"

namespace backlot::signals {
namespace {

/// Buckets up to 1, 2 and infinity, of which each minute adds so many.
MemorySource source_of(const std::vector<std::array<double, 3>>& minutes) {
  const char* ends[] = {"1", "2", "+Inf"};
  std::vector<RawSeries> series;
  for (int b = 0; b < 3; ++b) {
    RawSeries one{
        Labels({{"__name__", "latency_seconds_bucket"}, {"job", "front"}, {"le", ends[b]}}), Kind::counter, {0}, {100}};
    for (std::size_t i = 0; i < minutes.size(); ++i) {
      one.times.push_back(static_cast<Nanos>(i + 1) * minute);
      one.values.push_back(one.values.back() + minutes[i][static_cast<std::size_t>(b)]);
    }
    series.push_back(std::move(one));
  }
  series.push_back({Labels({{"__name__", "up"}, {"le", "x"}}), Kind::gauge, {0, minute}, {1, 1}});
  return MemorySource(std::move(series), {0, static_cast<Nanos>(minutes.size() + 1) * minute}, {});
}

TEST(Histograms, become_a_rate_and_two_quantiles) {
  const MemorySource source = source_of({{60, 120, 120}, {0, 120, 120}, {0, 0, 0}, {0, 0, 6}});
  const FoldedHistograms folded(source);
  ASSERT_EQ(folded.size(), 4u);
  EXPECT_EQ(folded.labels(0).metric(), "up");
  EXPECT_EQ(folded.labels(1).text(), R"(latency_seconds_rate{job="front"})");
  EXPECT_EQ(folded.labels(3).text(), R"(latency_seconds_p99{job="front"})");
  Samples rate, median, high;
  folded.read(1, 0, rate);
  folded.read(2, 0, median);
  folded.read(3, 0, high);
  EXPECT_FALSE(rate.has(0)) << "nothing was before it";
  EXPECT_EQ(rate.values[1], 2);
  EXPECT_EQ(median.values[1], 1);
  EXPECT_EQ(median.values[2], 1.5);
  EXPECT_DOUBLE_EQ(high.values[2], 1.99);
  EXPECT_FALSE(median.has(3)) << "no observation, no quantile";
  EXPECT_EQ(rate.values[3], 0);
  EXPECT_EQ(high.values[4], 2) << "beyond the last end, that is all that is known";
}

TEST(Histograms, say_how_to_ask_for_them) {
  const MemorySource source = source_of({{1, 2, 3}});
  const FoldedHistograms folded(source);
  EXPECT_EQ(folded.query(3),
            R"(histogram_quantile(0.99, sum by (le) (rate(latency_seconds_bucket{job="front"}[5m]))))");
  EXPECT_EQ(folded.query(1), R"(rate(latency_seconds_bucket{job="front",le="+Inf"}[5m]))");
}

}  // namespace
}  // namespace backlot::signals
