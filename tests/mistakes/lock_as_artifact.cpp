// error: this type cannot be an artifact: give a struct BACKLOT_FIELDS; a lock
#include <mutex>

#include "base.h"

struct Flowed : Base {
  Artifact<std::mutex> lock;
  BACKLOT_FIELDS(Base::fields, lock)
  void start() { lock.edit().lock(); }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>);
  }
};
auto code = flow_code<Flowed>();
