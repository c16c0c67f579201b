// Strong numbers are plain integers in Python.
#pragma once
#include <pybind11/pybind11.h>

#include "backlot/base/strong_number.h"

namespace pybind11::detail {

template <class Tag, std::integral Int>
struct type_caster<backlot::StrongNumber<Tag, Int>> {
  using Number = backlot::StrongNumber<Tag, Int>;
  PYBIND11_TYPE_CASTER(Number, const_name("int"));

  bool load(handle source, bool convert) {
    make_caster<Int> integer;
    if (!integer.load(source, convert)) return false;
    value = Number(cast_op<Int>(integer));
    return true;
  }
  static handle cast(Number number, return_value_policy policy, handle parent) {
    return make_caster<Int>::cast(number.value(), policy, parent);
  }
};

}  // namespace pybind11::detail
