// Any samples and any request: refused with an Error, or an answer that no single change more or less would better.
#include <cmath>
#include <cstdint>
#include <cstring>

#include "backlot/signals/change_points.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backlot::signals;
  if (size < 3) return 0;
  ChangeOptions options;
  options.cost = static_cast<Cost>(data[0] % 4);
  if (data[1] % 4) options.search = static_cast<Search>(data[1] % 4 - 1);
  options.penalty = std::ldexp(1.0 + data[2] % 16, data[2] / 16 - 4);
  std::vector<double> samples;
  for (std::size_t i = 3; i < size && samples.size() < 200; ++i) samples.push_back(data[i] % 64);
  try {
    const Segmentation found = change_points(samples, options);
    for (std::size_t i = 0; i < found.changes.size(); ++i)
      BACKLOT_ASSERT(found.changes[i] > (i ? found.changes[i - 1] : 0) && found.changes[i] < samples.size());
    if (found.support != Support::exact || found.changes.empty()) return 0;
    const double none = objective_of(samples, options.cost, *options.penalty, {});
    BACKLOT_ASSERT(found.objective <= none + 1e-6 * (1 + std::abs(none)));
    auto fewer = found.changes;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(data[2] % fewer.size()));
    const double less = objective_of(samples, options.cost, *options.penalty, fewer);
    BACKLOT_ASSERT(found.objective <= less + 1e-6 * (1 + std::abs(less)));
  } catch (const backlot::Error&) {}
  return 0;
}
