// error: step: name a void member function of the flow
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::names>);
  }
};
auto code = flow_code<Flowed>();
