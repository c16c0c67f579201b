#include "backlot/signals/read_series.h"

#include <gtest/gtest.h>

#include <cmath>

#include "backlot/base/error.h"
#include "backlot/signals/selector.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals {
namespace {

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) { return error.what(); }
  return "";
}
bool says(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

TEST(Csv, long_ones_have_a_sample_a_line) {
  auto all = read_csv(
      "time,value,series,pod\n2026-03-10T08:00:00Z,1.5,cpu,a\n1773129660,2,cpu,a\n1773129600,7,\"mem{zone=\"\"x\"\"}\","
      "\n");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].labels.text(), R"(cpu{pod="a"})");
  EXPECT_EQ(all[0].times, (std::vector<Nanos>{1773129600 * second, 1773129660 * second}));
  EXPECT_EQ(all[1].labels.text(), R"(mem{zone="x"})");
}

TEST(Csv, wide_ones_have_a_series_a_column) {
  auto all = read_csv("\xef\xbb\xbftime,errors_total,b\r\n0,1,NaN\r\n60,,-Inf\r\n");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].kind, Kind::counter);
  EXPECT_EQ(all[0].values, std::vector<double>{1});
  EXPECT_TRUE(std::isnan(all[1].values[0]));
  EXPECT_TRUE(std::isinf(all[1].values[1]));
}

TEST(Csv, everything_that_is_wrong_is_named_at_once) {
  const std::string said = refusal([] { read_csv("time,a,b\nnever,1,2\n60,x,2\n120,1\n"); });
  EXPECT_TRUE(says(said, "line 2, column 'time'")) << said;
  EXPECT_TRUE(says(said, "line 3, column 'a'")) << said;
  EXPECT_TRUE(says(said, "line 4")) << said;
  EXPECT_TRUE(says(refusal([] { read_csv("time,a\n0,\"open\n"); }), "a quote that is not closed"));
  EXPECT_TRUE(says(refusal([] { read_csv(""); }), "no head"));
}

TEST(JsonLines, a_sample_or_a_series_a_line) {
  auto all = read_json_lines(
      "{\"metric\":\"cpu\",\"labels\":{\"pod\":\"a\"},\"time\":60,\"value\":1}\n\n"
      "{\"metric\":{\"__name__\":\"mem\"},\"timestamps\":[1773129600000,1773129660000],\"values\":[1,null]}\n");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].labels.text(), R"(cpu{pod="a"})");
  EXPECT_EQ(all[1].times[0], 1773129600 * second);
  EXPECT_TRUE(says(
      refusal([] { read_json_lines("{\"metric\":\"a\",\"time\":0,\"value\":1}\n{\"metric\":\"a\",\"value\":1}"); }),
      "JSON line 2"));
  EXPECT_TRUE(says(refusal([] { read_json_lines(std::string(100'000, '[')); }), "deeper"));
}

TEST(Prometheus, a_matrix_or_what_it_says_is_wrong) {
  auto all = read_prometheus(
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up"},"values":[[60,"1"],[120.5,"+Inf"]]}]}})");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].times[1], 120'500'000'000);
  EXPECT_TRUE(std::isinf(all[0].values[1]));
  EXPECT_TRUE(
      says(refusal([] { read_prometheus(R"({"status":"error","errorType":"bad_data","error":"parse error"})"); }),
           "bad_data: parse error"));
  EXPECT_TRUE(says(refusal([] { read_prometheus("<html>"); }), "no JSON"));
}

TEST(Selector, reads_as_prometheus_does) {
  const Labels cart({{"__name__", "requests"}, {"service", "cart"}, {"zone", "us-1"}});
  EXPECT_TRUE(Selector("requests").matches(cart));
  EXPECT_TRUE(Selector(R"({service="cart", zone=~"us-.*", zone!~"eu", other=""})").matches(cart));
  EXPECT_FALSE(Selector(R"(requests{zone=~"us"})").matches(cart)) << "patterns match whole values";
  EXPECT_FALSE(Selector(R"(requests{service!='cart'})").matches(cart));
  EXPECT_TRUE(says(refusal([] { Selector(R"(a{b="c)"); }), "closing quote"));
  EXPECT_TRUE(says(refusal([] { Selector(R"(a{b=~"("})"); }), "regular expression"));
  EXPECT_TRUE(says(refusal([] { Selector("{}"); }), "selects nothing"));
}

TEST(TimeText, times_and_durations_come_back) {
  EXPECT_EQ(time_of("2026-03-10T08:00:00Z"), 1773129600 * second);
  EXPECT_EQ(time_of("2026-03-10 09:30:00.25+01:30"), 1773129600 * second + second / 4);
  EXPECT_EQ(time_of("2026-03-10"), 1773100800 * second);
  EXPECT_EQ(time_of("1773129600"), 1773129600 * second);
  EXPECT_EQ(time_of("1773129600123"), 1773129600 * second + 123'000'000);
  EXPECT_EQ(time_of("1773129600.5"), 1773129600 * second + second / 2);
  EXPECT_FALSE(time_of("2026-02-30"));
  EXPECT_FALSE(time_of("soon"));
  EXPECT_FALSE(time_of("9991111553")) << "beyond what nanoseconds in 64 bits can say";
  EXPECT_EQ(time_text(1773129600 * second + 120), "2026-03-10T08:00:00.00000012Z");
  EXPECT_EQ(time_text(-second), "1969-12-31T23:59:59Z");
  EXPECT_EQ(duration_of("1h30m"), 90 * minute);
  EXPECT_EQ(duration_text(90 * minute), "1h30m");
  EXPECT_FALSE(duration_of("15"));
  EXPECT_FALSE(duration_of("99999d99999d"));
}

TEST(RawSeries, order_is_made_and_counted) {
  RawSeries series{Labels(), Kind::gauge, {120, 0, 60, 60}, {3, 1, 2, 9}};
  Irregularities found;
  put_in_order(series, found);
  EXPECT_EQ(series.times, (std::vector<Nanos>{0, 60, 120}));
  EXPECT_EQ(series.values, (std::vector<double>{1, 9, 3})) << "of one time, the last given counts";
  EXPECT_EQ(found.unsorted, 1u);
  EXPECT_EQ(found.duplicates, 1u);
}

}  // namespace
}  // namespace backlot::signals
