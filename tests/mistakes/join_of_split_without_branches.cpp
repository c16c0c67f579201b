// error: join: of a split takes From<&Flow::step> or const Inputs<Flow>&
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, split(step<&F::left>, step<&F::right>).join(step<"end">([](F&) {})));
  }
};
auto code = flow_code<Flowed>();
