// Frame, chart and words of pages.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "backlot/card/html.h"
#include "backlot/card/line_chart.h"
#include "backlot/card/page.h"
#include "backlot/card/words.h"

namespace backlot::card {
namespace {

constexpr std::int64_t minute = 60'000'000'000;
constexpr double gap = std::numeric_limits<double>::quiet_NaN();

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// Subpaths of the curve: one more than there are gaps.
std::size_t pieces_of(const std::vector<double>& values) {
  const LineChart chart{values, 0, minute, 0, static_cast<std::int64_t>(values.size()) * minute, {}};
  const std::string svg = svg_of(chart);
  const std::size_t from = svg.find("<path"), to = svg.find("/>", from);
  return count_of(svg.substr(from, to - from), "M");
}

TEST(Html, of_hostile_text_is_text) {
  EXPECT_EQ(escaped("<a href=\"x\" b='y'>&amp;"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
  const std::string page = html_of({"</title><script>", "", "<p>x</p>"});
  EXPECT_EQ(page.find("<script>"), page.npos);
  EXPECT_NE(page.find("default-src 'none'"), page.npos);
  EXPECT_TRUE(page.ends_with("<p>x</p></body></html>\n"));
}

TEST(LineChart, keeps_gaps) {
  EXPECT_EQ(pieces_of({1, 2, 3}), 1u);
  EXPECT_EQ(pieces_of({1, gap, 3}), 2u);
  EXPECT_EQ(pieces_of({gap, gap}), 0u);
  EXPECT_EQ(pieces_of({}), 0u);
}

TEST(LineChart, shows_the_least_and_the_most_of_a_column) {
  std::vector<double> values(100'000, 1.0);
  values[77'777] = 5;
  const LineChart chart{values, 0, minute, 0, 100'000 * minute, {}};
  const std::string svg = svg_of(chart);
  EXPECT_NE(svg.find(">5<"), svg.npos) << "the axis";
  EXPECT_NE(svg.find(" 8.0"), svg.npos) << "the curve reaches its top";
  EXPECT_LT(svg.size(), 40'000u) << "by columns of pixels, not by values";
}

TEST(LineChart, of_one_value_and_of_an_empty_window_is_finite) {
  for (std::int64_t end : {std::int64_t{0}, minute}) {
    const std::vector<double> values{7};
    const std::string svg = svg_of(LineChart{values, 0, minute, 0, end, {{"own", 0, 0}}});
    EXPECT_EQ(svg.find("nan"), svg.npos) << svg;
    EXPECT_EQ(svg.find("inf"), svg.npos) << svg;
  }
}

TEST(LineChart, of_a_short_window_names_its_places_by_the_second) {
  const std::vector<double> values{1, 2};
  EXPECT_NE(svg_of(LineChart{values, 0, minute, 0, 2 * minute, {}}).find(">00:00:30<"), std::string::npos);
  EXPECT_NE(svg_of(LineChart{values, 0, minute, 0, 60 * minute, {}}).find(">00:15<"), std::string::npos);
}

TEST(Words, read_well) {
  EXPECT_EQ(number_words(0.2555), "0.256");
  EXPECT_EQ(number_words(123456), "123456");
  EXPECT_EQ(number_words(1.2e9), "1.2e+09");
  EXPECT_EQ(count_words(999), "999");
  EXPECT_EQ(count_words(1'234'567), "1,234,567");
  EXPECT_EQ(plural_words(1, "task"), "1 task");
  EXPECT_EQ(plural_words(2000, "task"), "2,000 tasks");
  EXPECT_EQ(percent_words(0.25), "25 %");
  EXPECT_EQ(percent_words(0.0025), "0.25 %");
  EXPECT_EQ(clock_words(1'773'131'460'000'000'000), "08:31");
  EXPECT_EQ(clock_words(-60'000'000'000), "23:59");
  EXPECT_EQ(clock_words(1'773'131'467'000'000'000, true), "08:31:07");
}

}  // namespace
}  // namespace backlot::card
