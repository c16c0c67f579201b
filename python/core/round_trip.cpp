#include "python/core/round_trip.h"

#include "backlot/store/local/local_store.h"
#include "python/core/objects.h"

namespace backlot::python {
namespace {

py::list stored_and_read(const std::string& folder, const py::list& objects) {
  auto store = open_local_store(system_files(), system_clock(), folder);
  Objects writer(*store, *store);
  std::vector<Reference> references;
  for (py::handle object : objects) references.push_back(writer.save(object));
  std::vector<Reference*> kept;
  for (Reference& reference : references) kept.push_back(&reference);
  writer.finish(kept);
  Objects reader(*store);
  py::list found;
  for (const Reference& reference : references) found.append(reader.load(reference));
  return found;
}

}  // namespace

void bind_round_trip(py::module_& module) {
  module.def("stored_and_read", &stored_and_read, py::arg("folder"), py::arg("objects"),
             "The objects as they are read again after they were stored in a folder.");
}

}  // namespace backlot::python
