#include "backlot/signals/alert.h"

#include <gtest/gtest.h>

#include "backlot/base/error.h"

namespace backlot::signals {
namespace {

TEST(Alert, is_about_what_it_compares) {
  EXPECT_EQ(without_comparison("rate(errors_total[5m]) > 0.1"), "rate(errors_total[5m])");
  EXPECT_EQ(without_comparison("0.5 <= sum by (job) (up)"), "sum by (job) (up)");
  EXPECT_EQ(without_comparison(R"((x{a=">"} / y) >= bool 2e3)"), R"((x{a=">"} / y))");
  EXPECT_EQ(without_comparison("(latency > 3)"), "latency");
  EXPECT_EQ(without_comparison("x != -1"), "x");
  EXPECT_FALSE(without_comparison("up"));
  EXPECT_FALSE(without_comparison("a > b")) << "neither side is a number";
  EXPECT_FALSE(without_comparison("a > 1 and b > 2"));
  EXPECT_FALSE(without_comparison("1 < a < 3"));
}

TEST(Alert, of_a_webhook) {
  auto alerts = read_webhook(
      R"({"version":"4","alerts":[{"labels":{"alertname":"Slow","job":"front"},"startsAt":"2026-03-10T15:20:00Z",
    "generatorURL":"http://p:9090/graph?g0.expr=latency%7Bjob%3D%22front%22%7D+%3E+3&g0.tab=1"}]})");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].name, "Slow");
  EXPECT_EQ(alerts[0].expression, R"(latency{job="front"} > 3)");
  EXPECT_EQ(alerts[0].active_at, 1773156000 * second);
  EXPECT_THROW(read_webhook("{}"), Error);
  EXPECT_THROW(read_webhook("["), Error);
}

TEST(Alert, of_a_rule) {
  const char* rules = R"({"status":"success","data":{"groups":[{"rules":[{"type":"recording","name":"x","query":"y"},
    {"type":"alerting","name":"Slow","query":"latency > 3","duration":300,"labels":{"severity":"page"},
     "alerts":[{"activeAt":"2026-03-10T15:20:00.5Z"},{"activeAt":"2026-03-10T15:10:00Z"}]}]}]}})";
  Alert alert = read_rule(rules, "Slow");
  EXPECT_EQ(alert.expression, "latency > 3");
  EXPECT_EQ(alert.held, 5 * minute);
  EXPECT_EQ(alert.active_at, 1773155400 * second);
  EXPECT_EQ(alert.labels.value("severity"), "page");
  EXPECT_THROW(read_rule(rules, "Fast"), Error);
}

}  // namespace
}  // namespace backlot::signals
