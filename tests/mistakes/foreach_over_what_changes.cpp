// error: foreach: runs over a list
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::changing>(step<&F::each>).join(step<&F::gather>));
  }
};
auto code = flow_code<Flowed>();
