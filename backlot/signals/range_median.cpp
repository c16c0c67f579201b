#include "backlot/signals/range_median.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace backlot::signals {

RangeMedian::RangeMedian(std::span<const double> samples) : sorted_(samples.begin(), samples.end()) {
  const auto count = static_cast<std::uint32_t>(samples.size());
  std::vector<std::uint32_t> order(count), ranks(count);
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return samples[a] < samples[b]; });
  for (std::uint32_t rank = 0; rank < count; ++rank) {
    ranks[order[rank]] = rank;
    sorted_[rank] = samples[order[rank]];
  }
  for (int bit = static_cast<int>(std::bit_width(count ? count - 1 : 0u)) - 1; bit >= 0; --bit) {
    Level level;
    level.zeros.resize(count + 1);
    level.sums.resize(count + 1);
    for (std::uint32_t i = 0; i < count; ++i) {
      level.zeros[i + 1] = level.zeros[i] + !((ranks[i] >> bit) & 1);
      level.sums[i + 1] = level.sums[i] + sorted_[ranks[i]];
    }
    std::stable_partition(ranks.begin(), ranks.end(), [&](std::uint32_t rank) { return !((rank >> bit) & 1); });
    levels_.push_back(std::move(level));
  }
}

double RangeMedian::deviation(std::uint32_t begin, std::uint32_t end) const {
  if (levels_.empty()) return 0;
  const std::uint32_t size = end - begin;
  std::uint32_t wanted = size / 2, rank = 0;
  double below = 0;                    // the sum of those of lower rank
  const std::uint32_t lower = wanted;  // and how many they are
  const double total = levels_[0].sums[end] - levels_[0].sums[begin];
  auto bit = static_cast<int>(levels_.size()) - 1;
  for (const Level& level : levels_) {
    const std::uint32_t zeros_begin = level.zeros[begin], zeros_end = level.zeros[end];
    const std::uint32_t zeros = zeros_end - zeros_begin, all = level.zeros.back();
    const std::uint32_t ones_begin = all + begin - zeros_begin, ones_end = all + end - zeros_end;
    if (wanted < zeros) {
      begin = zeros_begin;
      end = zeros_end;
    } else {
      // What has a zero here is lower; its sum is that of its run on the next level.
      if (zeros > 0) {
        if (bit > 0) {
          const auto& sums = levels_[levels_.size() - static_cast<std::size_t>(bit)].sums;
          below += sums[zeros_end] - sums[zeros_begin];
        } else {
          below += static_cast<double>(zeros) * sorted_[rank];
        }
      }
      wanted -= zeros;
      rank |= 1u << bit;
      begin = ones_begin;
      end = ones_end;
    }
    --bit;
  }
  const double median = sorted_[rank];
  const double above = total - below - median;
  const double higher = static_cast<double>(size - lower - 1);
  return std::max(0.0, (median * lower - below) + (above - median * higher));
}

}  // namespace backlot::signals
