// C++'s errors as Python's, in every module of the package.
#pragma once
#include <pybind11/pybind11.h>

#include <exception>
#include <string>

#include "backlot/base/error.h"

namespace backlot::python {

/// Error becomes backlot.errors.Error, with its code, context and hint.
inline void translate_errors() {
  pybind11::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Error& e) {
      pybind11::object type = pybind11::module_::import("backlot.errors").attr("of")(std::string(name_of(e.code())));
      pybind11::object error = type(e.message(), e.context(), e.hint());
      PyErr_SetObject(type.ptr(), error.ptr());
    }
  });
}

}  // namespace backlot::python
