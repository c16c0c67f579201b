// error: a tensor, file or folder cannot lie inside of another value: make it an artifact of its own
#include "base.h"

struct Flowed : Base {
  Artifact<std::vector<Tensor<double>>> layers;
  BACKLOT_FIELDS(Base::fields, layers)
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>);
  }
};
auto code = flow_code<Flowed>();
