// Running a Python flow to its end, with the lines that Metaflow prints.
#pragma once
#include <pybind11/pybind11.h>

namespace backlot::python {

void bind_run(pybind11::module_& module);

}  // namespace backlot::python
