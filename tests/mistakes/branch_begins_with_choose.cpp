// error: split: each branch begins with a step
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>,
                 split(step<&F::left>, choose<&F::mode>(otherwise(step<&F::right>))).join(step<&F::both>));
  }
};
auto code = flow_code<Flowed>();
