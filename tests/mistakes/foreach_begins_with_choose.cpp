// error: foreach: its body begins with a step
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>,
                 foreach<&F::names>(choose<&F::mode>(otherwise(step<&F::left>))).join(step<&F::gather>));
  }
};
auto code = flow_code<Flowed>();
