// error: catch_into: names an Artifact<std::string> of the flow
#include "base.h"

struct Flowed : Base {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>.catch_into(&F::count));
  }
};
auto code = flow_code<Flowed>();
