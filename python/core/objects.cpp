#include "python/core/objects.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "backlot/value/folder_value.h"
#include "backlot/value/item.h"
#include "backlot/value/pickle_layout.h"
#include "backlot/value/table_layout.h"
#include "backlot/value/tensor.h"
#include "python/core/arrays.h"
#include "python/core/builtins.h"

namespace backlot::python {
namespace {

py::object pickle_module() {
  static const py::handle module = py::module_::import("backlot._pickle").release();
  return py::reinterpret_borrow<py::object>(module);
}

py::object table_module() {
  static const py::handle module = py::module_::import("backlot._table").release();
  return py::reinterpret_borrow<py::object>(module);
}

ColumnType column_type_of(std::string_view name) {
  for (int i = 0; i < column_type_count; ++i)
    if (name_of(static_cast<ColumnType>(i)) == name) return static_cast<ColumnType>(i);
  throw Error(ErrorCode::internal, "a column of an unknown type");
}

std::string_view bytes_of(const py::buffer_info& buffer) {
  return {static_cast<const char*>(buffer.ptr), static_cast<std::size_t>(buffer.size * buffer.itemsize)};
}

}  // namespace

/// The raw bytes of a reference for one reader alone, who may change them.
class Objects::Own {
 public:
  Own(const Reference& reference, Objects& objects) : reference_(reference), objects_(objects) {
    if (reference.place == Reference::Place::blob) {
      std::shared_ptr<const Mapping> mapping = objects.reader_.open(reference.id);
      raw_ = mapping->bytes();
      owner_ = std::move(mapping);
      is_mapped_ = true;
    } else {
      auto copy = std::make_shared<const std::string>(objects.loader_.raw(reference).bytes);
      raw_ = *copy;
      owner_ = std::move(copy);
    }
  }
  std::string_view raw() const { return raw_; }

  /// A part of the raw bytes as an array that may be written.
  py::object array(std::string_view part, std::size_t number, DType dtype, const Shape& shape) {
    auto [memory, owner] = opened(part, number);
    return array_over(memory, std::move(owner), dtype, shape);
  }
  /// The same as memory alone.
  py::object memory(std::string_view part, std::size_t number) {
    auto [memory, owner] = opened(part, number);
    return memory_object(memory, std::move(owner));
  }

 private:
  /// Memory that may be written, and who keeps it. Of a blob: its mapping is private, so what is written is copied
  /// then, page by page.
  std::pair<std::string_view, std::shared_ptr<const void>> opened(std::string_view part, std::size_t number) {
    if (!is_mapped_) return {part, owner_};
    static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    // mprotect takes whole pages; its length is rounded up by the kernel.
    const std::size_t before = reinterpret_cast<std::uintptr_t>(part.data()) % page;
    char* first = const_cast<char*>(part.data()) - before;
    if (!part.empty() && mprotect(first, before + part.size(), PROT_READ | PROT_WRITE) == 0) {
      if (objects_.saver_) objects_.pages_.add(part, reference_, number, owner_);
      return {part, owner_};
    }
    auto copy = std::make_shared<const std::string>(part);
    return {*copy, copy};
  }

  const Reference& reference_;
  Objects& objects_;
  std::string_view raw_;
  std::shared_ptr<const void> owner_;
  bool is_mapped_ = false;
};

/// What pickling made of an object. Its buffers are still the object's own memory.
struct Objects::Dumped {
  py::bytes stream;
  std::vector<py::buffer_info> buffers;
  PicklePreview preview;

  explicit Dumped(py::handle object) {
    py::tuple parts = pickle_module().attr("dumps")(object);  // stream, buffers, type, repr, shape
    stream = parts[0];
    for (py::handle buffer : parts[1]) buffers.push_back(py::reinterpret_borrow<py::buffer>(buffer).request());
    preview = {parts[2].cast<std::string>(), parts[3].cast<std::string>(), {}};
    for (py::handle n : parts[4]) preview.shape.push_back(n.cast<std::uint64_t>());
  }
  std::string_view stream_bytes() const {
    return {PyBytes_AS_STRING(stream.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(stream.ptr()))};
  }
  std::string_view buffer_bytes(std::size_t i) const { return bytes_of(buffers[i]); }
  bool operator==(const Dumped& other) const {
    if (stream_bytes() != other.stream_bytes() || buffers.size() != other.buffers.size()) return false;
    for (std::size_t i = 0; i < buffers.size(); ++i)
      if (buffer_bytes(i) != other.buffer_bytes(i)) return false;
    return true;
  }
};

/// A DataFrame as a table. Its numbers are still the DataFrame's own memory.
struct Objects::Table {
  TableHead head;
  std::vector<py::buffer_info> buffers;
  py::object apart;  // holds what the buffers are of

  /// None when it is no DataFrame, or its table would not be all of it.
  static std::optional<Table> of(py::handle object) {
    if (std::strcmp(Py_TYPE(object.ptr())->tp_name, "DataFrame") != 0) return std::nullopt;
    Table table;
    table.apart = table_module().attr("taken_apart")(object);
    if (table.apart.is_none()) return std::nullopt;
    py::tuple parts = table.apart;  // rows, index, columns
    table.head.rows = parts[0].cast<std::uint64_t>();
    table.set_index(parts[1]);
    for (py::handle column : parts[2]) table.add_column(py::reinterpret_borrow<py::tuple>(column));
    return table;
  }

 private:
  static std::optional<std::string> name_from(py::handle name) {
    return name.is_none() ? std::nullopt : std::optional(name.cast<std::string>());
  }
  void set_index(py::handle index) {
    if (!py::isinstance<py::list>(index)) {
      head.index.kind = TableIndex::Kind::column;
      return;
    }
    auto range = py::reinterpret_borrow<py::list>(index);
    head.index = {TableIndex::Kind::range, range[0].cast<std::int64_t>(), range[1].cast<std::int64_t>(),
                  name_from(range[2])};
  }
  void add_column(const py::tuple& column) {
    ColumnHead added{name_from(column[0]), column_type_of(column[1].cast<std::string>()), {}};
    for (py::handle buffer : column[2]) {
      buffers.push_back(py::reinterpret_borrow<py::buffer>(buffer).request());
      added.sizes.push_back(bytes_of(buffers.back()).size());
    }
    head.columns.push_back(std::move(added));
  }
};

py::object Objects::load(const Reference& reference) {
  switch (reference.type) {
    case TypeTag::table: return load_table(reference);
    case TypeTag::tensor: return load_array(reference);
    case TypeTag::pickle: return load_pickle(reference);
    case TypeTag::file: return py::cast(WholeCodec<FileValue>::load(reference, loader_));
    case TypeTag::folder: return py::cast(WholeCodec<FolderValue>::load(reference, loader_));
    case TypeTag::null:
    case TypeTag::boolean:
    case TypeTag::integer:
    case TypeTag::real:
    case TypeTag::text:
    case TypeTag::bytes:
    case TypeTag::list:
    case TypeTag::map: return decode_builtin(reference.type, loader_.raw(reference).bytes);
    default: break;
  }
  throw Error(ErrorCode::unsupported, "a " + std::string(name_of(reference.type)) + " cannot be read in Python yet");
}

py::object Objects::load_array(const Reference& reference) {
  Own own(reference, *this);
  TensorLayout tensor(own.raw());
  return own.array(tensor.data, 0, tensor.dtype, tensor.shape);
}

py::object Objects::load_table(const Reference& reference) {
  Own own(reference, *this);
  TableLayout table(own.raw());
  const TableHead& head = table.head();
  auto name = [](const std::optional<std::string>& n) { return n ? py::object(py::str(*n)) : py::none(); };
  py::list columns;
  std::size_t number = 0;
  for (std::size_t i = 0; i < head.columns.size(); ++i) {
    py::list buffers;
    for (std::size_t b = 0; b < buffer_count(head.columns[i].type); ++b, ++number) {
      std::string_view part = table.buffer(i, b);
      buffers.append(own.array(part, number, DType::uint8, {part.size()}));
    }
    columns.append(py::make_tuple(name(head.columns[i].name), std::string(name_of(head.columns[i].type)), buffers));
  }
  py::object index = py::bool_(head.index.kind == TableIndex::Kind::column);
  if (head.index.kind == TableIndex::Kind::range) {
    py::list range;
    range.append(head.index.start);
    range.append(head.index.step);
    range.append(name(head.index.name));
    index = range;
  }
  return table_module().attr("put_together")(head.rows, index, columns);
}

py::object Objects::load_pickle(const Reference& reference) {
  Own own(reference, *this);
  PickleLayout pickle(own.raw());
  py::list buffers;
  for (std::size_t i = 0; i < pickle.buffers.size(); ++i)
    buffers.append(py::memoryview(own.memory(pickle.buffers[i], i)));
  return pickle_module().attr("loads")(
      py::memoryview::from_memory(pickle.stream.data(), static_cast<py::ssize_t>(pickle.stream.size())), buffers,
      pickle.preview.type);
}

Reference Objects::save(py::handle object) {
  if (auto encoded = encode_builtin(object)) return saver_->save(encoded->type, encoded->pieces());
  if (auto array = save_array(object)) return *array;
  if (auto table = save_table(object)) return *table;
  if (py::isinstance<FileValue>(object)) return WholeCodec<FileValue>::save(object.cast<const FileValue&>(), *saver_);
  if (py::isinstance<FolderValue>(object))
    return WholeCodec<FolderValue>::save(object.cast<const FolderValue&>(), *saver_);
  return save_pickle(Dumped(object));
}

std::optional<Reference> Objects::save_array(py::handle object) {
  auto array = array_view(object);
  if (!array) return std::nullopt;
  auto loaded = pages_.find(array->bytes, 0);
  if (loaded.reference && loaded.reference->type == TypeTag::tensor) {
    TensorLayout before(loader_.raw(*loaded.reference).bytes);
    if (before.dtype == array->dtype && before.shape == array->shape) {
      if (loaded.written.empty()) return *loaded.reference;
      std::string head = tensor_head(array->dtype, array->shape, array->bytes.size());
      return save_changed(*loaded.reference, head, array->bytes, loaded.written);
    }
  }
  return tensor::save(array->dtype, array->shape, array->bytes, *saver_);
}

/// Of a tensor whose elements lie where they were mapped to, only what was written to is hashed again.
Reference Objects::save_changed(const Reference& before, std::string_view head, std::string_view data,
                                const std::vector<bool>& written) {
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  // The elements of a blob begin at a page, in the raw bytes as in memory, so a page lies in one chunk.
  SameChunks known{before.id, std::vector<bool>((before.size + identity_chunk - 1) / identity_chunk, true)};
  for (std::size_t i = 0; i < written.size(); ++i)
    if (written[i]) known.same[(head.size() + i * page) / identity_chunk] = false;
  Reference changed = before;
  changed.id = saver_->blobs().put_changed(TypeTag::tensor, {head, data}, known);
  return changed;
}

std::optional<Reference> Objects::save_table(py::handle object) {
  auto table = Table::of(object);
  if (!table) return std::nullopt;
  for (std::size_t i = 0; i < table->buffers.size(); ++i) {
    auto loaded = pages_.find(bytes_of(table->buffers[i]), i);
    if (!loaded.reference) continue;  // one of its numbers tells where the table is from
    if (loaded.reference->type == TypeTag::table && is_as_loaded(*table, *loaded.reference)) return *loaded.reference;
    break;
  }
  std::vector<std::string> glue = table_glue(table->head);
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < glue.size(); ++i) {
    pieces.push_back(glue[i]);
    pieces.push_back(bytes_of(table->buffers[i]));
  }
  return saver_->save(TypeTag::table, pieces);
}

/// The same columns, and the buffers where they were loaded to, unwritten, or of the same bytes.
bool Objects::is_as_loaded(const Table& table, const Reference& before) {
  auto raw = loader_.raw(before);
  TableLayout loaded(raw.bytes);
  if (loaded.head() != table.head) return false;
  std::size_t number = 0;
  for (std::size_t column = 0; column < table.head.columns.size(); ++column) {
    for (std::size_t i = 0; i < table.head.columns[column].sizes.size(); ++i, ++number) {
      std::string_view bytes = bytes_of(table.buffers[number]);
      auto known = pages_.find(bytes, number);
      bool untouched = known.reference && known.written.empty() && known.reference->same_value(before);
      if (!untouched && bytes != loaded.buffer(column, i)) return false;
    }
  }
  return true;
}

Reference Objects::save_pickle(const Dumped& pickle) {
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < pickle.buffers.size(); ++i) sizes.push_back(pickle.buffer_bytes(i).size());
  std::vector<std::string> glue = pickle_glue(pickle.preview, pickle.stream_bytes().size(), sizes);
  std::vector<std::string_view> pieces{glue[0], pickle.stream_bytes()};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    pieces.push_back(glue[i + 1]);
    pieces.push_back(pickle.buffer_bytes(i));
  }
  return saver_->save(TypeTag::pickle, pieces);
}

Reference Objects::save_again(py::handle object, const Reference& before) {
  if (before.type != TypeTag::pickle || encode_builtin(object) || is_array(object) || Table::of(object)) {
    Reference saved = save(object);
    return saved.same_value(before) ? before : saved;
  }
  Dumped now(object);
  if (is_as_loaded(now, before)) return before;
  // The same object may be pickled to other bytes once it was loaded. It is the same when its twin gives these too.
  py::object twin = load_pickle(before);
  return now == Dumped(twin) ? before : save_pickle(now);
}

/// The stream as it was, and the buffers where they were loaded to, unwritten.
bool Objects::is_as_loaded(const Dumped& pickle, const Reference& before) {
  auto raw = loader_.raw(before);
  PickleLayout loaded(raw.bytes);
  if (loaded.stream != pickle.stream_bytes() || loaded.buffers.size() != pickle.buffers.size()) return false;
  for (std::size_t i = 0; i < pickle.buffers.size(); ++i) {
    auto known = pages_.find(pickle.buffer_bytes(i), i);
    bool untouched = known.reference && known.written.empty() && known.reference->same_value(before);
    if (!untouched && pickle.buffer_bytes(i) != loaded.buffers[i]) return false;
  }
  return true;
}

std::uint64_t Objects::count(const Reference& list) {
  if (list.type == TypeTag::list || list.type == TypeTag::tensor) return item_count(list, loader_);
  py::object items = load(list);
  if (py::hasattr(items, "__len__")) return py::len(items);
  std::uint64_t count = 0;
  for ([[maybe_unused]] py::handle item : items) ++count;
  return count;
}

py::object Objects::item(const Reference& list, std::uint64_t index) {
  if (list.type == TypeTag::list) return load(item_of(list, index, loader_));
  return pickle_module().attr("item")(load(list), index);
}

}  // namespace backlot::python
