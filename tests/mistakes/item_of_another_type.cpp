// error: step: its arguments must be the items of the foreach around it
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::names>(step<&F::each_number>).join(step<&F::gather>));
  }
};
auto code = flow_code<Flowed>();
