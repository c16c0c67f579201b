// error: retry is given twice for this step
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>.retry({.times = 1}).retry({.times = 2}));
  }
};
auto code = flow_code<Flowed>();
