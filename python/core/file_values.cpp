#include "python/core/file_values.h"

#include <pybind11/operators.h>

#include "backlot/value/folder_value.h"

namespace backlot::python {

namespace py = pybind11;

namespace {

std::string path_text(const py::object& path) {
  return py::module_::import("os").attr("fspath")(path).cast<std::string>();
}

py::bytes bytes_of(const FileValue& file) { return {file.bytes().data(), file.bytes().size()}; }

FileValue file_of(std::string name, bool executable, const py::bytes& bytes) {
  auto content = std::make_shared<const std::string>(bytes);
  return {std::move(name), executable, *content, content};
}

py::list paths_of(const FolderValue& folder) {
  py::list paths;
  for (auto& [path, file] : folder.entries())
    if (file) paths.append(path);
  return paths;
}

}  // namespace

void bind_files(py::module_& module) {
  py::class_<FileValue>(module, "File", "A file as an artifact: its name, its bytes, and whether it may be executed.")
      .def(py::init([](const py::object& path) { return FileValue::from(path_text(path)); }), py::arg("path"),
           "The file at `path`, which must not change until the task has ended.")
      .def_static(
          "of", [](std::string name, const py::bytes& bytes) { return file_of(std::move(name), false, bytes); },
          py::arg("name"), py::arg("content"), "A file that is not on disk.")
      .def_property_readonly("name", &FileValue::name)
      .def_property_readonly("executable", &FileValue::executable)
      .def("__len__", [](const FileValue& file) { return file.bytes().size(); })
      .def("read", &bytes_of, "Its bytes.")
      .def(
          "copy_to", [](const FileValue& file, const py::object& path) { file.copy_to(path_text(path)); },
          py::arg("path"), "Replaces what is at `path`.")
      .def(py::self == py::self)
      .def("__repr__",
           [](const FileValue& file) {
             return "<File " + file.name() + ", " + std::to_string(file.bytes().size()) + " bytes>";
           })
      .def(py::pickle(
          [](const FileValue& file) { return py::make_tuple(file.name(), file.executable(), bytes_of(file)); },
          [](const py::tuple& state) {
            return file_of(state[0].cast<std::string>(), state[1].cast<bool>(), state[2]);
          }));

  py::class_<FolderValue>(module, "Folder", "A tree of files as an artifact.")
      .def(py::init([](const py::object& path) { return FolderValue::from(path_text(path)); }), py::arg("path"),
           "All that lies below `path`; its files must not change until the task has ended.")
      .def("paths", &paths_of, "Of its files, sorted, with / between names.")
      .def("__len__", [](const FolderValue& folder) { return py::len(paths_of(folder)); })
      .def("__iter__", [](const FolderValue& folder) { return py::iter(paths_of(folder)); })
      .def("__contains__",
           [](const FolderValue& folder, const std::string& path) {
             auto found = folder.entries().find(path);
             return found != folder.entries().end() && found->second.has_value();
           })
      .def("__getitem__",
           [](const FolderValue& folder, const std::string& path) {
             auto found = folder.entries().find(path);
             if (found == folder.entries().end() || !found->second) throw py::key_error(path);
             return *found->second;
           })
      .def(
          "copy_to", [](const FolderValue& folder, const py::object& path) { folder.copy_to(path_text(path)); },
          py::arg("path"), "Makes the folder `path`, which must be empty if it exists.")
      .def(py::self == py::self)
      .def("__repr__", [](const FolderValue& folder) {
        return "<Folder of " + std::to_string(py::len(paths_of(folder))) + " files>";
      });
}

}  // namespace backlot::python
