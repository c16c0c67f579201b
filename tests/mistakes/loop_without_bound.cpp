// error: unfinished: a foreach or split ends with .join(step<&Flow::name>), a loop with .at_most(n)
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, loop<&F::again>(step<&F::left>));
  }
};
auto code = flow_code<Flowed>();
