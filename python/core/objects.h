// The objects of one process and their values: saved, loaded, and saved again when they may have been changed. What has
// an exact typed form is kept in it; everything else is pickled by backlot/_pickle.py.
#pragma once
#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "backlot/value/saver.h"
#include "python/core/loaded_pages.h"

namespace backlot::python {

namespace py = pybind11;

class Objects {
 public:
  /// Only loads. What it loaded is never looked at again: nothing is kept of it. `reader` must outlive it.
  explicit Objects(BlobReader& reader) : reader_(reader), loader_(reader) {}
  /// Both must outlive it.
  Objects(BlobReader& reader, BlobWriter& writer) : reader_(reader), loader_(reader), saver_(std::in_place, writer) {}

  /// Loads any value; each time anew. Arrays and the buffers of pickles are writable, and changes stay in this process:
  /// nothing is copied before it is written. Throws what unpickling throws.
  py::object load(const Reference& reference);

  /// Throws what pickling throws. An array that was loaded here and not changed since is not read.
  Reference save(py::handle object);

  /// The reference of an object that was loaded from `before` and may have been changed since: that one when it was
  /// not.
  Reference save_again(py::handle object, const Reference& before);

  /// Of what a foreach runs over: a list, a tensor's first dimension, or any object that Python can index or iterate.
  std::uint64_t count(const Reference& list);
  py::object item(const Reference& list, std::uint64_t index);

  /// Completes the references that were given out and are kept (ValueSaver::finish).
  void finish(std::span<Reference* const> kept) { saver_.value().finish(kept); }

 private:
  class Own;
  struct Dumped;
  struct Table;
  py::object load_array(const Reference& reference);
  py::object load_table(const Reference& reference);
  py::object load_pickle(const Reference& reference);
  std::optional<Reference> save_array(py::handle object);
  Reference save_changed(const Reference& before, std::string_view head, std::string_view data,
                         const std::vector<bool>& written);
  std::optional<Reference> save_table(py::handle object);
  bool is_as_loaded(const Table& table, const Reference& before);
  Reference save_pickle(const Dumped& pickle);
  bool is_as_loaded(const Dumped& pickle, const Reference& before);

  BlobReader& reader_;
  ValueLoader loader_;
  std::optional<ValueSaver> saver_;  ///< empty: it only loads
  LoadedPages pages_;
};

}  // namespace backlot::python
