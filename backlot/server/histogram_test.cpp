#include "backlot/server/histogram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace backlot::server {
namespace {

template <class T>
std::optional<Histogram> of(const std::vector<T>& values, DType dtype) {
  std::string_view data(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  std::string raw = tensor_head(dtype, {values.size()}, data.size()) + std::string(data);
  return histogram_of(TensorLayout(raw));
}

TEST(Histogram, counts_what_is_finite) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  auto h = of<double>({0, 1, 2, 3, std::nan(""), inf, -inf}, DType::float64);
  ASSERT_TRUE(h);
  EXPECT_EQ(h->min, 0);
  EXPECT_EQ(h->max, 3);
  EXPECT_EQ(h->mean, 1.5);
  EXPECT_EQ(h->nan, 1u);
  EXPECT_EQ(h->infinite, 2u);
  EXPECT_EQ(std::accumulate(h->counts.begin(), h->counts.end(), std::uint64_t{0}), 4u);
  EXPECT_EQ(h->counts.front(), 1u);
  EXPECT_EQ(h->counts.back(), 1u);
}

TEST(Histogram, of_the_largest_doubles_does_not_overflow) {
  constexpr double most = std::numeric_limits<double>::max();
  auto h = of<double>({-most, 0, most}, DType::float64);
  ASSERT_TRUE(h);
  EXPECT_EQ(std::accumulate(h->counts.begin(), h->counts.end(), std::uint64_t{0}), 3u);
}

TEST(Histogram, has_its_ends_to_the_last_digit) {
  auto ints = of<std::int64_t>({9007199254740993, INT64_MIN, INT64_MAX - 1, INT64_MAX}, DType::int64);
  EXPECT_EQ(std::get<std::int64_t>(ints->least), INT64_MIN);
  EXPECT_EQ(std::get<std::int64_t>(ints->largest), INT64_MAX);
  auto near = of<std::int64_t>({9007199254740993, 9007199254740992, 9007199254740994}, DType::int64);
  EXPECT_EQ(std::get<std::int64_t>(near->least), 9007199254740992);
  EXPECT_EQ(std::get<std::int64_t>(near->largest), 9007199254740994);
  auto large = of<std::uint64_t>({UINT64_MAX, UINT64_MAX - 1}, DType::uint64);
  EXPECT_EQ(std::get<std::uint64_t>(large->least), UINT64_MAX - 1);
  EXPECT_EQ(std::get<std::uint64_t>(large->largest), UINT64_MAX);
  EXPECT_EQ(large->looked_at, 2u);
  auto floats = of<float>({NAN, 0.1f, INFINITY}, DType::float32);
  EXPECT_EQ(std::get<double>(floats->largest), static_cast<double>(0.1f));
}

TEST(Histogram, of_one_value_is_one_bin_and_of_nothing_none) {
  EXPECT_EQ(of<std::int32_t>({7, 7}, DType::int32)->counts, std::vector<std::uint64_t>{2});
  EXPECT_FALSE(of<double>({}, DType::float64));
  EXPECT_FALSE(of<double>({std::nan("")}, DType::float64));
}

}  // namespace
}  // namespace backlot::server
