// Python objects <-> values (docs/formats/values.md). What has an exact typed form is saved in it; everything else is
// pickled by backlot/_pickle.py.
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

/// Saves any object. Throws what pickle throws.
Reference save_object(py::handle object, ValueSaver& saver);

/// Loads any value; each time anew. Arrays and the buffers of pickles are writable, their pages private to this process;
/// nothing is copied before it is written.
py::object load_object(const Reference& reference, BlobReader& blobs, ValueLoader& loader);

/// Item `index` of a list, a tensor's first dimension, or of any object that Python can index or iterate.
py::object load_item(const Reference& list, std::uint64_t index, BlobReader& blobs, ValueLoader& loader);

}  // namespace backlot::python
