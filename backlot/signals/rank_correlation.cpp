#include "backlot/signals/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace backlot::signals {
namespace {

std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + end - 1) / 2;
  }
  return ranks;
}

}  // namespace

double rank_correlation(Values x, Values y, std::int32_t lag, std::uint32_t begin, std::uint32_t end) {
  std::vector<double> a, b;
  for (std::int64_t t = begin; t < end; ++t) {
    const std::int64_t k = t + lag;
    if (t >= static_cast<std::int64_t>(x.size()) || k < 0 || k >= static_cast<std::int64_t>(y.size())) continue;
    const double xt = x[static_cast<std::size_t>(t)], yk = y[static_cast<std::size_t>(k)];
    if (std::isnan(xt) || std::isnan(yk)) continue;
    a.push_back(xt);
    b.push_back(yk);
  }
  return exact_correlation(ranks_of(a), ranks_of(b), 0);
}

}  // namespace backlot::signals
