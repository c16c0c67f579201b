#include "python/core/arrays.h"

#include <cstring>
#include <string>

#include "backlot/base/error.h"

namespace backlot::python {
namespace {

struct DTypeCode {
  DType dtype;
  char code;  ///< numpy's dtype.char
};
constexpr DTypeCode dtype_codes[] = {{DType::boolean, '?'},   {DType::int8, 'b'},    {DType::int16, 'h'},
                                     {DType::int32, 'i'},     {DType::int64, 'l'},   {DType::uint8, 'B'},
                                     {DType::uint16, 'H'},    {DType::uint32, 'I'},  {DType::uint64, 'L'},
                                     {DType::float32, 'f'},   {DType::float64, 'd'}, {DType::complex64, 'F'},
                                     {DType::complex128, 'D'}};

char code_of(DType dtype) {
  for (const DTypeCode& known : dtype_codes)
    if (known.dtype == dtype) return known.code;
  throw Error(ErrorCode::internal, "a tensor of an unknown type");
}

std::optional<DType> dtype_of(const py::object& dtype) {
  auto code = dtype.attr("char").cast<std::string>();
  for (const DTypeCode& known : dtype_codes) {
    if (code.size() != 1 || known.code != code[0]) continue;
    // In this order: NumPy 1 cannot tell the metadata of some other types that NumPy 2 pickled.
    if (!dtype.attr("isnative").cast<bool>() || !dtype.attr("metadata").is_none()) break;
    return known.dtype;
  }
  return std::nullopt;
}

/// Once a process, for forks inherit it.
void require_known_numpy() {
  static bool known = false;
  if (known) return;
  known = true;  // the check itself saves and loads arrays
  try {
    py::module_::import("backlot._numpy_check").attr("ensure")();
  } catch (...) {
    known = false;
    throw;
  }
}

struct Memory {
  std::string_view bytes;
  std::shared_ptr<const void> owner;
};

}  // namespace

bool is_array(py::handle object) {
  if (std::strcmp(Py_TYPE(object.ptr())->tp_name, "numpy.ndarray") != 0) return false;
  py::object numpy = py::module_::import("sys").attr("modules").attr("get")("numpy");
  return !numpy.is_none() && py::type::handle_of(object).is(numpy.attr("ndarray"));
}

std::optional<ArrayView> array_view(py::handle object) {
  if (!is_array(object)) return std::nullopt;
  require_known_numpy();
  auto dtype = dtype_of(object.attr("dtype"));
  if (!dtype || !object.attr("flags").attr("c_contiguous").cast<bool>()) return std::nullopt;
  ArrayView view{*dtype, {}, {}, py::reinterpret_borrow<py::buffer>(object).request()};
  view.shape.assign(view.holder.shape.begin(), view.holder.shape.end());
  view.bytes = {static_cast<const char*>(view.holder.ptr),
                static_cast<std::size_t>(view.holder.size * view.holder.itemsize)};
  return view;
}

py::object memory_object(std::string_view memory, std::shared_ptr<const void> owner) {
  return py::cast(Memory{memory, std::move(owner)});
}

py::object array_over(std::string_view memory, std::shared_ptr<const void> owner, DType dtype, const Shape& shape) {
  py::object ndarray = py::module_::import("numpy").attr("ndarray");
  require_known_numpy();
  py::tuple dimensions(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) dimensions[i] = shape[i];
  return ndarray(dimensions, std::string(1, code_of(dtype)), memory_object(memory, std::move(owner)));
}

void bind_arrays(py::module_& module) {
  py::class_<Memory>(module, "Memory", py::buffer_protocol(), "Bytes of a stored value, for one process to change.")
      .def_buffer([](const Memory& m) {
        return py::buffer_info(const_cast<char*>(m.bytes.data()), 1, "B", static_cast<py::ssize_t>(m.bytes.size()));
      });
}

}  // namespace backlot::python
