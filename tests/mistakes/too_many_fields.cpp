// error: BACKLOT_FIELDS takes at most 64 names: group some into a struct with its own BACKLOT_FIELDS
#include "base.h"

struct Wide {
  int a;
  BACKLOT_FIELDS(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a,
                 a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a)
};
