// The module backlot._core: what Python is given of the C++ rooms. All else is Python over this.
#include <pybind11/pybind11.h>

#include "python/core/arrays.h"
#include "python/core/errors.h"
#include "python/core/file_values.h"
#include "python/core/flow_run.h"
#include "python/core/python_flow.h"
#include "python/core/reading.h"
#include "python/core/round_trip.h"
#include "python/core/task_session.h"

PYBIND11_MODULE(_core, module) {
  using namespace backlot::python;
  module.doc() = "Backlot's C++ core.";
  translate_errors();
  bind_arrays(module);
  bind_files(module);
  bind_flow(module);
  bind_task(module);
  bind_run(module);
  bind_reading(module);
  bind_round_trip(module);
}
