#include "python/core/builtins.h"

#include <bit>
#include <unordered_set>

#include "backlot/value/cbor.h"
#include "backlot/value/list_layout.h"

namespace backlot::python {
namespace {

/// Refuses what has no exact form by throwing this.
struct NotTyped {};

std::string_view utf8_of(PyObject* text) {
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text, &size);
  if (bytes) return {bytes, static_cast<std::size_t>(size)};
  PyErr_Clear();  // a lone surrogate
  throw NotTyped();
}

std::string_view bytes_of(PyObject* bytes) {
  return {PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes))};
}

/// Big-endian bytes without leading zeros of a non-negative int.
std::string big_endian(PyObject* number) {
  py::object bits = py::reinterpret_borrow<py::object>(number).attr("bit_length")();
  auto size = (bits.cast<std::size_t>() + 7) / 8;
  return py::reinterpret_borrow<py::object>(number).attr("to_bytes")(size, "big").cast<std::string>();
}

class Encoder {
 public:
  explicit Encoder(CborWriter& out) : out_(out) {}

  void item(PyObject* object) {
    if (object == Py_None) return out_.null();
    PyTypeObject* type = Py_TYPE(object);
    if (type == &PyBool_Type) return out_.boolean(object == Py_True);
    if (type == &PyLong_Type) return integer(object);
    if (type == &PyFloat_Type) return real(PyFloat_AS_DOUBLE(object));
    if (type == &PyUnicode_Type) {
      std::string_view text = utf8_of(object);
      out_.text_head(text.size());
      return out_.raw(text);
    }
    if (type == &PyBytes_Type) return out_.bytes(bytes_of(object));
    if (type == &PyList_Type) return list(object);
    if (type == &PyDict_Type) return map(object);
    throw NotTyped();
  }

  /// Notes a container; one that stands twice would come back as two.
  void once(PyObject* container) {
    if (!seen_.insert(container).second) throw NotTyped();
  }

 private:
  void integer(PyObject* number) {
    int overflow = 0;
    long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (overflow == 0) return out_.integer(value);
    if (overflow > 0) {
      unsigned long long large = PyLong_AsUnsignedLongLong(number);
      if (!PyErr_Occurred()) return out_.natural(large);
      PyErr_Clear();
      out_.tag(natural_tag);
      return out_.bytes(big_endian(number));
    }
    py::object rest = py::int_(-1) - py::reinterpret_borrow<py::object>(number);
    std::string bytes = big_endian(rest.ptr());
    if (bytes.size() <= 8) throw NotTyped();  // between -2^64 and -2^63: has a head that the writer does not offer
    out_.tag(negative_tag);
    out_.bytes(bytes);
  }

  void real(double value) {
    // There is one NaN in the format: another would come back changed.
    if (value != value && std::bit_cast<std::uint64_t>(value) != 0x7ff8000000000000) throw NotTyped();
    out_.real(value);
  }

  void list(PyObject* object) {
    once(object);
    auto nested = out_.nested();
    out_.list(static_cast<std::uint64_t>(PyList_GET_SIZE(object)));
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i) item(PyList_GET_ITEM(object, i));
  }

  void map(PyObject* object) {
    once(object);
    auto nested = out_.nested();
    out_.map(static_cast<std::uint64_t>(PyDict_GET_SIZE(object)));
    PyObject *key = nullptr, *value = nullptr;
    for (Py_ssize_t at = 0; PyDict_Next(object, &at, &key, &value);) {
      if (Py_TYPE(key) != &PyUnicode_Type) throw NotTyped();
      item(key);
      item(value);
    }
  }

  CborWriter& out_;
  std::unordered_set<PyObject*> seen_;
};

TypeTag tag_of(PyObject* object) {
  if (object == Py_None) return TypeTag::null;
  PyTypeObject* type = Py_TYPE(object);
  if (type == &PyBool_Type) return TypeTag::boolean;
  if (type == &PyLong_Type) return TypeTag::integer;
  if (type == &PyFloat_Type) return TypeTag::real;
  if (type == &PyUnicode_Type) return TypeTag::text;
  if (type == &PyBytes_Type) return TypeTag::bytes;
  if (type == &PyList_Type) return TypeTag::list;
  if (type == &PyDict_Type) return TypeTag::map;
  throw NotTyped();
}

EncodedValue encode_list(PyObject* list) {
  EncodedValue encoded;
  encoded.type = TypeTag::list;
  CborWriter out(encoded.body);
  Encoder encoder(out);
  encoder.once(list);
  ListIndex index;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
    encoder.item(PyList_GET_ITEM(list, i));
    index.end_item(encoded.body.size());
  }
  encoded.head = index.head(nullptr);
  return encoded;
}

EncodedValue encode(PyObject* object) {
  EncodedValue encoded;
  encoded.type = tag_of(object);
  if (encoded.type == TypeTag::list) return encode_list(object);
  if (encoded.type == TypeTag::text) {
    encoded.view = utf8_of(object);
    CborWriter(encoded.head).text_head(encoded.view->size());
  } else if (encoded.type == TypeTag::bytes) {
    encoded.view = bytes_of(object);
    CborWriter(encoded.head).bytes_head(encoded.view->size());
  } else {
    CborWriter out(encoded.body);
    Encoder(out).item(object);
  }
  return encoded;
}

// --- decoding --------------------------------------------------------------------------------------------------------

py::object steal(PyObject* object) {
  if (!object) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(object);
}
py::object text_of(std::string_view text) {
  return steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "strict"));
}
py::object bytes_object(std::string_view bytes) {
  return steal(PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size())));
}
py::object large_integer(std::string_view bytes, bool negative) {
  static constexpr int big_end_first = 0, is_signed = 0;
  py::object n = steal(_PyLong_FromByteArray(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                                             big_end_first, is_signed));
  return negative ? py::object(py::int_(-1) - n) : n;
}

py::object item_object(CborReader& in);

py::object map_object(CborReader& in) {
  py::dict map;
  for (std::uint64_t count = in.map(); count > 0; --count) {
    py::object key = item_object(in);
    map[key] = item_object(in);
  }
  return map;
}

py::object list_object(CborReader& in) {
  std::uint64_t count = in.list();
  py::list list;
  for (; count > 0; --count) list.append(item_object(in));
  return list;
}

py::object row_object(CborReader& in, const FieldNames& names) {
  py::dict row;
  in.list_of(names.size());
  for (std::string_view name : names) row[text_of(name)] = item_object(in);
  return row;
}

py::object rows_object(CborReader& in) {
  in.list_of(2);
  FieldNames names = read_names(in);
  py::list rows;
  for (std::uint64_t count = in.list(); count > 0; --count) rows.append(row_object(in, names));
  return rows;
}

py::object item_object(CborReader& in) {
  switch (in.next_type()) {
    case CborType::null: in.null(); return py::none();
    case CborType::boolean: return py::bool_(in.boolean());
    case CborType::natural:
    case CborType::negative: {
      CborInteger n = in.any_integer();
      py::object magnitude = steal(PyLong_FromUnsignedLongLong(n.magnitude));
      return n.negative ? py::object(py::int_(-1) - magnitude) : magnitude;
    }
    case CborType::real: return py::float_(in.real());
    case CborType::text: return text_of(in.text());
    case CborType::bytes: return bytes_object(in.bytes());
    case CborType::list: return list_object(in);
    case CborType::map: return map_object(in);
    case CborType::tag: break;
  }
  std::uint64_t tag = in.tag();
  if (tag == rows_tag) return rows_object(in);
  if (tag == natural_tag || tag == negative_tag) return large_integer(in.bytes(), tag == negative_tag);
  in.fail("an unknown tag " + std::to_string(tag));
}

py::object whole_list(std::string_view raw) {
  ListView list(raw);
  py::list result(list.size());
  for (std::uint64_t i = 0; i < list.size(); ++i) {
    CborReader in(list.item(i));
    py::object item = list.names() ? row_object(in, *list.names()) : item_object(in);
    in.end();
    PyList_SET_ITEM(result.ptr(), static_cast<Py_ssize_t>(i), item.release().ptr());
  }
  return result;
}

}  // namespace

std::optional<EncodedValue> encode_builtin(py::handle object) {
  try {
    return encode(object.ptr());
  } catch (const NotTyped&) { return std::nullopt; } catch (const Error&) {  // nests too deep
    return std::nullopt;
  }
}

py::object decode_builtin(TypeTag type, std::string_view raw) {
  if (type == TypeTag::list) return whole_list(raw);
  CborReader in(raw);
  py::object object = item_object(in);
  in.end();
  return object;
}

}  // namespace backlot::python
