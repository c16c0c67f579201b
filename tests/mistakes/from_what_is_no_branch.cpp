// error: join: From<&Flow::step> names the first step of a branch of this split; Inputs<Flow> takes them all
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, split(step<&F::left>, step<&F::right>).join(step<&F::left_and_start>));
  }
};
auto code = flow_code<Flowed>();
