// What is read from anywhere: series in three formats, selectors, times. Refused with an Error, or read.
#include <cstdint>

#include "backlot/base/error.h"
#include "backlot/signals/read_series.h"
#include "backlot/signals/selector.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals {
namespace {

void check(const std::vector<RawSeries>& all) {
  for (const RawSeries& series : all) {
    BACKLOT_ASSERT(series.times.size() == series.values.size());
    RawSeries ordered = series;
    Irregularities found;
    put_in_order(ordered, found);
    for (std::size_t i = 1; i < ordered.times.size(); ++i) BACKLOT_ASSERT(ordered.times[i - 1] < ordered.times[i]);
    BACKLOT_ASSERT(ordered.times.size() + found.duplicates == series.times.size());
  }
}

template <class Action>
void only_errors(Action action) {
  try {
    action();
  } catch (const Error&) {}
}

}  // namespace
}  // namespace backlot::signals

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backlot::signals;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 4) {
    case 0: only_errors([&] { check(read_csv(text)); }); break;
    case 1: only_errors([&] { check(read_json_lines(text)); }); break;
    case 2: only_errors([&] { check(read_prometheus(text)); }); break;
    default:
      only_errors([&] {
        Selector selector(text);
        selector.matches(selector.equal_labels());
        BACKLOT_ASSERT(!selector.names_one() ||
                       selector.matches(Selector(selector.equal_labels().text()).equal_labels()));
      });
      if (auto time = time_of(text))
        BACKLOT_ASSERT(time_of(time_text(*time)) == time || *time < -8'520'336'000'000'000'000);
      if (auto duration = duration_of(text)) duration_text(*duration);
  }
  return 0;
}
