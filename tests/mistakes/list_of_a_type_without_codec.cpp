// error: this type cannot be an artifact
#include "base.h"

struct Undescribed {
  int n;
};
struct Flowed : Base {
  Artifact<std::vector<Undescribed>> all;
  BACKLOT_FIELDS(Base::fields, all)
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>);
  }
};
auto code = flow_code<Flowed>();
