// error: this type cannot be an artifact: give a struct BACKLOT_FIELDS; a lock, a function
#include <functional>

#include "base.h"

struct Flowed : Base {
  Artifact<std::function<int()>> next;
  BACKLOT_FIELDS(Base::fields, next)
  void start() {
    next = [] { return 1; };
  }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>);
  }
};
auto code = flow_code<Flowed>();
