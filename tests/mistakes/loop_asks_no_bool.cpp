// error: loop: repeats while a bool artifact or member function says so
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, loop<&F::count>(step<&F::left>).at_most(2), step<&F::right>);
  }
};
auto code = flow_code<Flowed>();
