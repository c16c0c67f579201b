// error: step: a lambda needs a name of its own
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>([](F&) {}));
  }
};
auto code = flow_code<Flowed>();
