// error: join: of a foreach takes const Inputs<Flow, Item>&, with the type of the list's items
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::names>(step<&F::each>).join(step<&F::gather_numbers>));
  }
};
auto code = flow_code<Flowed>();
