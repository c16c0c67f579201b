// error: this type cannot be an artifact
#include "base.h"

struct Undescribed {
  int n;
};
struct Flowed : Base {
  Artifact<Undescribed> undescribed;
  BACKLOT_FIELDS(Base::fields, undescribed)
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>);
  }
};
auto code = flow_code<Flowed>();
