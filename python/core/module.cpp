// The module backlot._core: what Python is given of the C++ rooms. All else is Python over this.
#include <pybind11/pybind11.h>

#include "backlot/base/error.h"
#include "python/core/files.h"
#include "python/core/flow_run.h"
#include "python/core/python_flow.h"
#include "python/core/reading.h"
#include "python/core/task_session.h"

namespace backlot::python {
namespace {

/// Error becomes backlot.errors.Error, with its code, context and hint.
void translate_errors() {
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Error& e) {
      py::object type = py::module_::import("backlot.errors").attr("of")(std::string(name_of(e.code())));
      py::object error = type(e.message(), e.context(), e.hint());
      PyErr_SetObject(type.ptr(), error.ptr());
    }
  });
}

}  // namespace
}  // namespace backlot::python

PYBIND11_MODULE(_core, module) {
  using namespace backlot::python;
  module.doc() = "Backlot's C++ core.";
  translate_errors();
  bind_files(module);
  bind_flow(module);
  bind_task(module);
  bind_run(module);
  bind_reading(module);
}
