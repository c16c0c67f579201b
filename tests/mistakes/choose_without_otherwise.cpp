// error: choose: the last case is otherwise(...); otherwise() goes straight on
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, choose<&F::mode>(when<"a">(step<&F::left>)), step<&F::right>);
  }
};
auto code = flow_code<Flowed>();
