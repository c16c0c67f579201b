// error: unfinished: a foreach or split ends with .join(step<&Flow::name>), a loop with .at_most(n)
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::names>(step<&F::each>));
  }
};
auto code = flow_code<Flowed>();
