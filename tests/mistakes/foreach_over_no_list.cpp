// error: foreach: runs over a list
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::count>(step<&F::left>).join(step<&F::gather>));
  }
};
auto code = flow_code<Flowed>();
