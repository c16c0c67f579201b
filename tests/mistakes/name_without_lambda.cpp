// error: is followed by its lambda
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<"clean">);
  }
};
auto code = flow_code<Flowed>();
