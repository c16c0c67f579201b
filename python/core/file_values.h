// Files and folders as values, in Python: backlot.File and backlot.Folder.
#pragma once
#include <pybind11/pybind11.h>

namespace backlot::python {

void bind_files(pybind11::module_& module);

}  // namespace backlot::python
