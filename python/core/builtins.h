// Trees of Python's own types <-> values (docs/formats/values.md).
#pragma once
#include <pybind11/pybind11.h>

#include <optional>

#include "backlot/value/codec.h"

namespace backlot::python {

namespace py = pybind11;

/// A tree of exact None, bool, int, float, str, bytes, list, and dict with str keys. Empty when `object` is or holds
/// anything else, a container twice or within itself, a lone surrogate, or nests too deep. Views of str and bytes are
/// into `object`.
std::optional<EncodedValue> encode_builtin(py::handle object);

/// The object of a value that is no tensor, pickle, file or folder. Throws Error corrupt.
py::object decode_builtin(TypeTag type, std::string_view raw);

}  // namespace backlot::python
