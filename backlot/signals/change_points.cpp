#include "backlot/signals/change_points.h"

#include <algorithm>
#include <cmath>

#include "backlot/signals/noise.h"
#include "backlot/signals/penalty.h"
#include "backlot/signals/searches.h"

namespace backlot::signals {
namespace {

/// Samples around 0 and of a size around 1, so that neither a large offset nor a small unit costs digits; the scale is
/// a power of two, which changes none.
struct Normalised {
  std::vector<double> samples;
  double scale = 1;  ///< one of these is so many of the caller's
};

Normalised normalised(std::span<const double> samples, Cost cost) {
  Normalised result{{samples.begin(), samples.end()}, 1};
  if (cost == Cost::poisson) return result;  // counts are what they are
  const double middle = median_of(result.samples);
  double largest = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    result.samples[i] = samples[i] - middle;
    largest = std::max(largest, std::abs(result.samples[i]));
  }
  if (largest == 0) return result;
  int exponent = 0;
  std::frexp(largest, &exponent);
  for (double& x : result.samples) x = std::ldexp(x, -exponent);
  result.scale = std::ldexp(1.0, exponent);
  return result;
}

/// What one unit of the cost of normalised samples is in the cost of the caller's.
double cost_scale(Cost cost, double scale) {
  switch (cost) {
    case Cost::l2: return scale * scale;
    case Cost::l1: return scale;
    case Cost::normal:
    case Cost::poisson: return 1;
  }
  return 1;
}

std::uint32_t least_size(const ChangeOptions& options) {
  return options.min_size ? options.min_size : options.cost == Cost::normal ? 2 : 1;
}

Search search_of(const ChangeOptions& options) {
  if (options.search) return *options.search;
  bool is_possible = support_of(options.cost, Search::functional) == Support::exact && least_size(options) == 1;
  return is_possible ? Search::functional : Search::pelt;
}

void check_samples(std::span<const double> samples, Cost cost) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::string place = "sample " + std::to_string(i);
    if (!std::isfinite(samples[i]))
      throw Error(ErrorCode::invalid, place + " is no number", "leave out what is missing").in("change points");
    if (cost == Cost::poisson && samples[i] < 0)
      throw Error(ErrorCode::invalid, place + " is negative: poisson takes counts").in("change points");
  }
}

Changes search_with(Search search, Cost cost, std::span<const double> samples, double penalty, std::uint32_t min_size) {
  const auto count = static_cast<std::uint32_t>(samples.size());
  switch (search) {
    case Search::functional:
      return cost == Cost::l2   ? functional_l2(samples, penalty)
             : cost == Cost::l1 ? functional_l1(samples, penalty)
                                : functional_poisson(samples, penalty);
    case Search::pelt: return pelt(*SegmentCost::of(cost, samples), count, penalty, min_size);
    case Search::binary: return binary_segmentation(*SegmentCost::of(cost, samples), count, penalty, min_size);
  }
  return {};
}

}  // namespace

std::string_view name_of(Cost cost) {
  constexpr std::string_view names[] = {"l2", "normal", "poisson", "l1"};
  return names[static_cast<int>(cost)];
}
std::string_view name_of(Search search) {
  constexpr std::string_view names[] = {"pelt", "functional", "binary"};
  return names[static_cast<int>(search)];
}
std::string_view name_of(Support support) {
  constexpr std::string_view names[] = {"exact", "heuristic", "refused"};
  return names[static_cast<int>(support)];
}

Support support_of(Cost cost, Search search) {
  if (search == Search::binary) return Support::heuristic;
  return search == Search::functional && cost == Cost::normal ? Support::refused : Support::exact;
}

std::vector<Diagnostic> diagnose(const ChangeOptions& options, std::size_t count) {
  std::vector<Diagnostic> found;
  const std::uint32_t min_size = least_size(options);
  if (options.penalty && !(*options.penalty > 0 && std::isfinite(*options.penalty)))
    found.push_back({"penalty", "penalty", "the penalty is " + std::to_string(*options.penalty),
                     "give a number above 0, or none for the default"});
  if (min_size > count / 2 && count > 1)
    found.push_back(
        {"min_size", "min_size",
         "no change fits into " + std::to_string(count) + " samples with segments of " + std::to_string(min_size),
         "give at most half of the samples"});
  if (options.search == Search::functional) {
    if (support_of(options.cost, Search::functional) == Support::refused)
      found.push_back({"search", "search",
                       "functional pruning cannot search the cost " + std::string(name_of(options.cost)) +
                           ", which has two parameters",
                       "use pelt"});
    if (min_size > 1)
      found.push_back({"search", "min_size", "functional pruning knows no least size", "use pelt, or min_size 1"});
  }
  return found;
}

Segmentation change_points(std::span<const double> samples, const ChangeOptions& options) {
  auto found = diagnose(options, samples.size());
  if (!found.empty()) throw error_of(ErrorCode::usage, "change points", found);
  check_samples(samples, options.cost);
  Segmentation result;
  result.search = search_of(options);
  result.support = support_of(options.cost, result.search);
  if (samples.size() < 2) {
    result.penalty = options.penalty.value_or(0);
    return result;
  }
  const Normalised normal = normalised(samples, options.cost);
  const double unit = cost_scale(options.cost, normal.scale);
  const double penalty = options.penalty ? *options.penalty / unit : default_penalty(normal.samples, options.cost);
  if (std::isfinite(penalty))
    result.changes = search_with(result.search, options.cost, normal.samples, penalty, least_size(options));
  result.penalty = penalty * unit;
  result.objective = objective_of(samples, options.cost, result.penalty, result.changes);
  return result;
}

double objective_of(std::span<const double> samples, Cost cost, double penalty,
                    const std::vector<std::uint32_t>& changes) {
  if (samples.empty()) return 0;
  const Normalised normal = normalised(samples, cost);
  auto costs = SegmentCost::of(cost, normal.samples);
  double sum = 0;
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i <= changes.size(); ++i) {
    const std::uint32_t end = i < changes.size() ? changes[i] : static_cast<std::uint32_t>(samples.size());
    sum += (*costs)(begin, end);
    begin = end;
  }
  return sum * cost_scale(cost, normal.scale) + (changes.empty() ? 0 : penalty * static_cast<double>(changes.size()));
}

}  // namespace backlot::signals
