// NumPy's arrays, by the buffer protocol and Python attributes alone: the layout of NumPy's own structures differs
// between its versions. Before the first array of a process, backlot/_numpy_check.py says whether this NumPy can be
// used.
#pragma once
#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string_view>

#include "backlot/value/tensor.h"

namespace backlot::python {

namespace py = pybind11;

/// An array's memory; it lives as long as this does.
struct ArrayView {
  DType dtype;
  Shape shape;
  std::string_view bytes;
  py::buffer_info holder;
};

/// The memory of `object` when it is exactly a numpy.ndarray, C-contiguous, and of a type that a tensor has. Throws
/// when this NumPy does not give arrays back as they were.
std::optional<ArrayView> array_view(py::handle object);

/// Whether `object` is exactly a numpy.ndarray. Where nobody has imported numpy, nothing is.
bool is_array(py::handle object);

/// Memory that `owner` keeps, for Python: an object with the buffer protocol, which may write it.
py::object memory_object(std::string_view memory, std::shared_ptr<const void> owner);

/// An array over memory that `owner` keeps. It may be written. Throws when the memory is smaller than the array.
py::object array_over(std::string_view memory, std::shared_ptr<const void> owner, DType dtype, const Shape& shape);

void bind_arrays(py::module_& module);

}  // namespace backlot::python
