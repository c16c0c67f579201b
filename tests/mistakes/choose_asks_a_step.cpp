// error: choose: asks an artifact, a parameter or a const member function of the flow
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, choose<&F::each>(otherwise(step<&F::left>)), step<&F::right>);
  }
};
auto code = flow_code<Flowed>();
