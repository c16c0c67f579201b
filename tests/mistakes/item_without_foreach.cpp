// error: step: its arguments must be the items of the foreach around it
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::each>);
  }
};
auto code = flow_code<Flowed>();
