#include "backlot/signals/investigate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "backlot/signals/raw_series.h"
#include "backlot/signals/read_series.h"

namespace backlot::signals {
namespace {

/// Series of a step of five minutes, of which some change by `shift` deviations at the onset and go back.
class Chain : public testing::Test {
 protected:
  static constexpr Nanos step = 5 * minute;
  static constexpr std::size_t count = 240, onset = 235;

  RawSeries series(const std::string& labels, double shift) {
    RawSeries one;
    one.labels = labels_of(labels);
    one.kind = Kind::gauge;
    for (std::size_t i = 0; i < count; ++i) {
      one.times.push_back(static_cast<Nanos>(i) * step);
      one.values.push_back(100 + normal_(random_) + (i >= onset && i < onset + 3 ? shift : 0));
    }
    return one;
  }
  void add(const std::string& labels, double shift) { all_.push_back(series(labels, shift)); }

  Report report(const std::vector<Call>& calls = {}) {
    const Window window{0, static_cast<Nanos>(count) * step};
    const RawSeries raw = series(R"(latency{service="front"})", 12);
    Target target;
    target.labels = raw.labels;
    Irregularities ignored;
    put_on_grid(raw, window, step, target.samples, ignored);
    Options options;
    options.alert_at = static_cast<Nanos>(onset + 1) * step;
    options.horizon = 30 * minute;
    options.calls = calls;
    return investigate(target, MemorySource(all_, window, {}), options);
  }
  static const Part* part_of(const Finding& finding, const std::string& name) {
    auto at = std::find_if(finding.parts.begin(), finding.parts.end(), [&](const Part& p) { return p.name == name; });
    return at == finding.parts.end() ? nullptr : &*at;
  }

  std::vector<RawSeries> all_;

 private:
  std::mt19937 random_{5};
  std::normal_distribution<double> normal_;
};

TEST_F(Chain, of_services_that_changed_at_once_the_last_that_is_called_is_first) {
  add(R"(latency{service="cart"})", 40);
  add(R"(latency{service="stock"})", 30);
  add(R"(latency{service="disk"})", 0);
  const std::vector<Call> calls{{"front", "cart"}, {"cart", "stock"}, {"stock", "disk"}, {"cart", "cart"}};
  const Report found = report(calls);
  ASSERT_EQ(found.findings.size(), 2u);
  EXPECT_EQ(found.findings[0].labels.value("service"), "stock");
  EXPECT_EQ(part_of(found.findings[0], "origin")->points, 10);
  EXPECT_LT(part_of(found.findings[1], "origin")->points, 5);
  const Report without = report();
  EXPECT_EQ(without.findings[0].labels.value("service"), "cart") << "nobody knows who calls whom";
  EXPECT_EQ(part_of(without.findings[0], "origin"), nullptr);
}

TEST_F(Chain, one_wild_sample_of_long_ago_hides_no_correlation) {
  add("errors", 12);
  all_[0].values[40] += 500;
  const Report found = report();
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_LT(std::abs(found.findings[0].r), 0.5);
  EXPECT_GT(part_of(found.findings[0], "correlation")->points, 11);
  EXPECT_TRUE(part_of(found.findings[0], "correlation")->why.ends_with("around the onset"));
}

TEST_F(Chain, a_few_samples_that_happen_to_fit_are_no_correlation) {
  add("rare", 0);
  for (std::size_t i = 0; i < onset - 1; ++i) all_[0].values[i] = std::nan("");
  for (std::size_t i = onset - 1; i < count; ++i) all_[0].values[i] += i >= onset && i < onset + 3 ? 12 : 0;
  const Report found = report();
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings[0].happening, Happening::born);
  EXPECT_EQ(part_of(found.findings[0], "correlation")->points, 0);
}

}  // namespace
}  // namespace backlot::signals
