// Objects stored and read back at once: how it is known that an interpreter and its libraries can be used.
#pragma once
#include <pybind11/pybind11.h>

namespace backlot::python {

void bind_round_trip(pybind11::module_& module);

}  // namespace backlot::python
