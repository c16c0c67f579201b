// error: step: a lambda step captures nothing; what it needs are the flow's fields
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    int n = 1;
    return chain(step<"add">([n](F&) { (void)n; }));
  }
};
auto code = flow_code<Flowed>();
