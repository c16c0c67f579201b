// error: a pointer cannot be an artifact: keep what it points to, and text as std::string
#include "base.h"

struct Flowed : Base {
  Artifact<const char*> title;
  BACKLOT_FIELDS(Base::fields, title)
  void start() { title = "Ada"; }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>);
  }
};
auto code = flow_code<Flowed>();
