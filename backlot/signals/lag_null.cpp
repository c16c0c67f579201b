#include "backlot/signals/lag_null.h"

#include <algorithm>
#include <bit>
#include <boost/math/special_functions/beta.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace backlot::signals {
namespace {

constexpr std::size_t simulated = 2000, tail = simulated / 10;
constexpr int cells = 400;
constexpr std::uint32_t least_pairs = 10;  ///< as LagScreen's

/// The chance that |r| of n independent pairs exceeds c.
double chance(double n, double c) {
  if (n <= 3 || c >= 1) return n <= 3 ? 1 : 0;
  return boost::math::ibetac(0.5, (n - 2) / 2, c * c);
}

/// Where samples are, a bit each.
class Places {
 public:
  explicit Places(Values values) : words_(values.size() / 64 + 2) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!std::isnan(values[i])) words_[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  /// How many of these are where another one is `shift` later.
  std::uint32_t meeting(const Places& other, std::uint32_t shift) const {
    const std::size_t skipped = shift / 64, bits = shift % 64;
    std::uint32_t count = 0;
    for (std::size_t i = 0; i + skipped + 1 < words_.size(); ++i) {
      std::uint64_t moved = other.words_[i + skipped] >> bits;
      if (bits) moved |= other.words_[i + skipped + 1] << (64 - bits);
      count += static_cast<std::uint32_t>(std::popcount(words_[i] & moved));
    }
    return count;
  }

 private:
  std::vector<std::uint64_t> words_;
};

/// The sum of the chances that |r| exceeds c at each lag, with as many pairs as meet there.
double sum_of_chances(const Places& candidate, const Places& target, std::uint32_t max_lag, double c) {
  double sum = 0;
  for (std::uint32_t shift = 0; shift <= max_lag; ++shift) {
    const std::uint32_t ahead = candidate.meeting(target, shift), behind = target.meeting(candidate, shift);
    if (ahead >= least_pairs) sum += chance(ahead, c);
    if (shift && behind >= least_pairs) sum += chance(behind, c);
  }
  return sum;
}

}  // namespace

std::vector<double> whitened(Values x) {
  double n = 0, a = 0, b = 0;
  for (std::size_t t = 1; t < x.size(); ++t) {
    if (std::isnan(x[t]) || std::isnan(x[t - 1])) continue;
    n += 1, a += x[t - 1], b += x[t];
  }
  std::vector<double> left(x.size(), std::numeric_limits<double>::quiet_NaN());
  if (n < 3) return left;
  a /= n, b /= n;
  double aa = 0, ab = 0;
  for (std::size_t t = 1; t < x.size(); ++t) {
    if (std::isnan(x[t]) || std::isnan(x[t - 1])) continue;
    aa += (x[t - 1] - a) * (x[t - 1] - a);
    ab += (x[t - 1] - a) * (x[t] - b);
  }
  const double phi = aa > 0 ? std::clamp(ab / aa, -1.0, 1.0) : 0;
  for (std::size_t t = 1; t < x.size(); ++t)
    if (!std::isnan(x[t]) && !std::isnan(x[t - 1])) left[t] = (x[t] - b) - phi * (x[t - 1] - a);
  return left;
}

LagNull::LagNull(Values target, std::uint32_t max_lag, std::uint64_t seed)
    : count_(static_cast<std::uint32_t>(target.size())),
      max_lag_(max_lag),
      target_(whitened(target)),
      screen_(target_, max_lag) {
  // A whitened series has no first sample.
  std::vector<double> whole(count_, 1);
  whole[0] = std::numeric_limits<double>::quiet_NaN();
  const Places all(whole), there(target_);
  for (int cell = 0; cell <= cells; ++cell) {
    const double sum = sum_of_chances(all, there, max_lag_, static_cast<double>(cell) / cells);
    logs_.push_back(sum > 0 ? std::log(sum) : -700);
  }
  boost::random::mt19937_64 random(seed);
  boost::random::normal_distribution<double> normal;
  std::vector<std::vector<double>> noise(LagScreen::block, std::vector<double>(count_));
  std::vector<double> sums;
  while (sums.size() < simulated) {
    for (auto& series : noise)
      for (double& x : series) x = normal(random);
    std::vector<Values> values(noise.begin(), noise.end());
    std::vector<LagCorrelation> found(values.size());
    largest(values, found);
    for (const LagCorrelation& one : found) sums.push_back(std::exp(log_sum(std::abs(one.r))));
  }
  // S of the largest is exponential with the mean 1 / theta: by the most extreme tenth, the others being larger.
  std::sort(sums.begin(), sums.end());
  const double extreme = std::accumulate(sums.begin(), sums.begin() + tail, 0.0);
  theta_ = static_cast<double>(tail) / (extreme + static_cast<double>(sums.size() - tail) * sums[tail - 1]);
}

void LagNull::largest(std::span<const Values> candidates, std::span<LagCorrelation> into) const {
  std::vector<std::vector<double>> white;
  for (Values values : candidates) white.push_back(whitened(values));
  std::vector<Values> views(white.begin(), white.end());
  screen_.best(views, into);
}

double LagNull::log_sum(double c) const {
  const double place = std::clamp(c, 0.0, 1.0) * cells;
  const int below = std::min(static_cast<int>(place), cells - 1);
  const auto i = static_cast<std::size_t>(below);
  return logs_[i] + (place - below) * (logs_[i + 1] - logs_[i]);
}

double LagNull::p_value(double r, Values candidate) const {
  if (r == 0) return 1;
  double p = -std::expm1(-theta_ * std::exp(log_sum(std::abs(r))));
  const bool has_gaps = std::any_of(candidate.begin(), candidate.end(), [](double v) { return std::isnan(v); });
  // Fewer pairs make larger correlations by chance; what is common with all of them needs no closer look.
  if (has_gaps && p < 0.5) {
    const Places own(whitened(candidate)), there(target_);
    p = -std::expm1(-theta_ * sum_of_chances(own, there, max_lag_, std::abs(r)));
  }
  return p;
}

std::vector<double> false_discovery_rates(const std::vector<double>& p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p[a] < p[b]; });
  std::vector<double> q(p.size(), std::numeric_limits<double>::quiet_NaN());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    least = std::min(least, p[order[rank - 1]] * static_cast<double>(order.size()) / static_cast<double>(rank));
    q[order[rank - 1]] = least;
  }
  return q;
}

}  // namespace backlot::signals
