// error: choose: when<value> must have the type of what it is compared with
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, choose<&F::mode>(when<1>(step<&F::left>), otherwise()), step<&F::right>);
  }
};
auto code = flow_code<Flowed>();
