// error: join: a step that takes Inputs or From belongs into .join(...)
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, step<&F::gather>);
  }
};
auto code = flow_code<Flowed>();
