#include "python/core/reading.h"

#include <pybind11/stl.h>
#include <unistd.h>

#include <charconv>

#include "backlot/client/ways.h"
#include "backlot/verbs/control.h"
#include "python/core/objects.h"

namespace backlot::python {

namespace {

/// Ids are text to Python; what is no number is the id of nothing.
std::optional<std::int64_t> number_of(const std::string& id) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  return error == std::errc() && end == id.data() + id.size() ? std::optional(number) : std::nullopt;
}

/// A value of a task, not read before it is asked for.
struct ArchivedArtifact {
  std::shared_ptr<Archive> home;
  client::Artifact artifact;
};

}  // namespace

// --- the home --------------------------------------------------------------------------------------------------------

client::Client& Archive::client() {
  if (!client_) client_.emplace(home_);
  return *client_;
}

void Archive::close() {
  objects_.reset();
  if (client_) client_->close();
}

py::object Archive::load(const client::Artifact& artifact) {
  BlobReader& blobs = artifact.blobs();
  if (objects_ && objects_of_ != &blobs) [[maybe_unused]]
    auto* of_other = objects_.release();  // its pages are those of the process that this one was forked from
  if (!objects_) objects_ = std::make_unique<Objects>(blobs);
  objects_of_ = &blobs;
  return objects_->load(artifact.reference());
}

// --- runs ------------------------------------------------------------------------------------------------------------

ArchivedRun::ArchivedRun(std::shared_ptr<Archive> home, client::Run run)
    : home_(std::move(home)), run_(std::move(run)), row_(run_.row()) {
  if (row_.state == RunState::running) read_again();
}

const Graph& ArchivedRun::graph() {
  if (!graph_) graph_ = run_.graph();
  return *graph_;
}

py::dict ArchivedRun::parameters() {
  py::dict found;
  for (client::Artifact& p : run_.parameters()) {
    py::str name(p.name());
    found[name] = ArchivedArtifact{home_, std::move(p)};
  }
  return found;
}

std::vector<ArchivedTask> ArchivedRun::tasks(const std::string& step) {
  constexpr std::size_t page_size = 10'000;
  std::vector<ArchivedTask> found;
  TaskFilter behind;
  behind.step = step;
  for (;;) {
    std::vector<client::Task> page = run_.tasks(behind, page_size);
    if (page.empty()) return found;
    behind.after = page.back().number();
    for (client::Task& task : page) found.emplace_back(shared_from_this(), std::move(task));
  }
}

std::optional<ArchivedTask> ArchivedRun::task(const std::string& step, const std::string& id) {
  auto number = number_of(id);
  if (!number) return std::nullopt;
  auto task = run_.task(*number);
  if (!task || task->step() != step) return std::nullopt;
  return ArchivedTask(shared_from_this(), std::move(*task));
}

std::optional<std::int64_t> ArchivedRun::origin() {
  auto origin = run_.origin();
  return origin ? std::optional(origin->row().run_id) : std::nullopt;
}

std::string ArchivedRun::code() {
  auto id = Digest::from_hex(row_.code);
  if (!id) return {};
  auto mapping = home_->client().blobs().open(*id);
  return std::string(mapping->bytes());
}

void ArchivedRun::change_tags(const std::vector<std::string>& add, const std::vector<std::string>& remove) {
  Pathspec spec;
  spec.flow = row_.flow;
  spec.run = row_.run_id;
  try {
    verbs::tag(home_->client(), spec, add, remove);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::conflict) throw;
    verbs::tag(home_->client(), spec, add, remove);  // it ended between the look and the request
  }
  read_again();
}

// What a live run's scheduler has been asked for and will do within seconds, is read as if it had been done. The
// requests are read first: the scheduler goes on meanwhile, and what it took off the list by then is in the row.
void ArchivedRun::read_again() {
  std::vector<ControlRequest> requests = run_.requests();
  if (auto now = home_->client().find_run(row_.key)) {
    run_ = std::move(*now);
    row_ = run_.row();
  }
  if (row_.state != RunState::running) return;
  for (const ControlRequest& request : requests) {
    if (request.kind == "tag" || request.kind == "untag") std::erase(row_.tags, request.argument);
    if (request.kind == "tag") row_.tags.push_back(request.argument);
  }
}

// --- tasks -----------------------------------------------------------------------------------------------------------

py::object ArchivedTask::artifacts(std::optional<std::int32_t> attempt) const {
  auto seen = task_.seen(attempt);
  if (!seen) return py::none();
  py::dict found;
  for (client::Artifact& a : *seen) {
    py::str name(a.name());
    found[name] = ArchivedArtifact{run_->home(), std::move(a)};
  }
  return found;
}

py::object ArchivedTask::find(const std::string& name, std::optional<std::int32_t> attempt) const {
  auto found = task_.seen(name, attempt);
  return found ? py::cast(ArchivedArtifact{run_->home(), std::move(*found)}) : py::none();
}

py::list ArchivedTask::log(std::int32_t attempt, const std::string& stream) const {
  const LogStream wanted = stream == "stderr" ? LogStream::err : LogStream::out;
  py::list found;
  auto add = [&](const LogRecord& record) {
    if (record.stream != wanted) return true;
    const std::string bytes = record.gap ? text_of(*record.gap) + "\n" : std::string(record.bytes);
    found.append(py::make_tuple(record.time, py::bytes(bytes)));
    return true;
  };
  try {
    task_.log(attempt, 0, add);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::not_found) throw;  // the run that it was cloned from is gone, and its log
  }
  return found;
}

std::vector<ArchivedTask> ArchivedTask::as_tasks(std::vector<client::Task> tasks) const {
  std::vector<ArchivedTask> found;
  for (client::Task& task : tasks) found.emplace_back(run_, std::move(task));
  return found;
}

std::vector<ArchivedTask> ArchivedTask::before() const { return as_tasks(task_.parents()); }

std::vector<ArchivedTask> ArchivedTask::after() const { return as_tasks(task_.children()); }

std::int64_t ArchivedTask::origin_task() const {
  if (!row().is_clone() || row().origin == run_->row().origin) return row().origin_task;
  // A clone of a clone: what it is called in the run that this one was resumed from.
  auto origin = run_->run().origin();
  auto path = IndexPath::from_key(row().path);
  auto there = origin && path ? origin->task(row().step, *path) : std::nullopt;
  return there ? there->number() : row().origin_task;
}

py::list ArchivedTask::foreachs() const {
  py::list found;
  const Graph& graph = run_->graph();
  NodeId node = graph.find(row().step);
  auto path = IndexPath::from_key(row().path);
  if (node == no_node || !path) return found;
  std::vector<NodeId> around = graph.repeats_around(node);
  for (std::size_t i = 0; i < std::min(around.size(), path->parts.size()); ++i) {
    const Node& repeat = graph.node(around[i]);
    if (repeat.kind != NodeKind::foreach) continue;
    std::vector<NodeId> heads = client::next_steps(graph, around[i]);
    if (heads.empty()) continue;
    found.append(py::make_tuple(graph.node(heads[0]).name, repeat.name, path->parts[i].value));
  }
  return found;
}

std::optional<std::uint64_t> ArchivedTask::index() const {
  auto path = IndexPath::from_key(row().path);
  if (!path) return std::nullopt;
  for (auto part = path->parts.rbegin(); part != path->parts.rend(); ++part)
    if (part->kind == IndexPath::Kind::item) return part->value;
  return std::nullopt;
}

// --- the module ------------------------------------------------------------------------------------------------------

namespace {

py::object failure_of(const AttemptRow& attempt) {
  if (attempt.manifest.empty()) return py::none();
  Manifest manifest = decode_manifest(attempt.manifest);
  if (!manifest.failure) return py::none();
  return py::make_tuple(manifest.failure->type, manifest.failure->message, describe(*manifest.failure));
}

py::dict graph_of(const Graph& graph) {
  py::dict steps;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!is_task(graph.nodes[i].kind)) continue;
    py::list next;
    for (NodeId to : client::next_steps(graph, NodeId(i))) next.append(graph.node(to).name);
    steps[py::str(graph.nodes[i].name)] = next;
  }
  return steps;
}

void bind_artifact(py::module_& module) {
  py::class_<ArchivedArtifact>(module, "ArchivedArtifact")
      .def_property_readonly("size", [](const ArchivedArtifact& a) { return a.artifact.size(); })
      .def_property_readonly("sha", [](const ArchivedArtifact& a) { return a.artifact.identity().hex(); })
      .def_property_readonly("type", [](const ArchivedArtifact& a) { return std::string(name_of(a.artifact.type())); })
      .def(
          "load", [](const ArchivedArtifact& a) { return a.home->load(a.artifact); }, "The value, anew each time.");
}

void bind_archived_task(py::module_& module) {
  py::class_<AttemptRow>(module, "Attempt")
      .def_readonly("number", &AttemptRow::attempt)
      .def_readonly("started", &AttemptRow::started)
      .def_readonly("ended", &AttemptRow::ended)
      .def_property_readonly("has_ended", [](const AttemptRow& a) { return !a.manifest.empty(); })
      .def_property_readonly("ok", [](const AttemptRow& a) { return a.state == TaskState::done; })
      .def_property_readonly("failure", &failure_of, "(type, message, description), or None")
      .def_property_readonly("out_bytes", [](const AttemptRow& a) { return a.log.out_bytes; })
      .def_property_readonly("err_bytes", [](const AttemptRow& a) { return a.log.err_bytes; });

  py::class_<ArchivedTask>(module, "ArchivedTask")
      .def_property_readonly("run", [](const ArchivedTask& t) { return t.run(); })
      .def_property_readonly("id", [](const ArchivedTask& t) { return std::to_string(t.row().number); })
      .def_property_readonly("step", [](const ArchivedTask& t) { return t.row().step; })
      .def_property_readonly("label", [](const ArchivedTask& t) { return t.row().label; })
      .def_property_readonly("created", [](const ArchivedTask& t) { return t.row().ready; })
      .def_property_readonly("origin_task", &ArchivedTask::origin_task)
      .def_property_readonly("index", &ArchivedTask::index)
      .def_property_readonly("foreachs", &ArchivedTask::foreachs,
                             "(first step inside, name of the list, index) of each around, outermost first.")
      .def("attempts", &ArchivedTask::attempts)
      .def("artifacts", &ArchivedTask::artifacts, py::arg("attempt") = py::none())
      .def("find", &ArchivedTask::find, py::arg("name"), py::arg("attempt") = py::none())
      .def("metadata",
           [](const ArchivedTask& t) {
             py::list found;
             for (const Metadatum& m : t.metadata()) found.append(py::make_tuple(m.attempt, m.key, m.value));
             return found;
           })
      .def("log", &ArchivedTask::log, py::arg("attempt"), py::arg("stream"))
      .def("before", &ArchivedTask::before)
      .def("after", &ArchivedTask::after);
}

void bind_archived_run(py::module_& module) {
  py::class_<ArchivedRun, std::shared_ptr<ArchivedRun>>(module, "ArchivedRun")
      .def_property_readonly("flow", [](const ArchivedRun& r) { return r.row().flow; })
      .def_property_readonly("id", [](const ArchivedRun& r) { return std::to_string(r.row().run_id); })
      .def_property_readonly("root", [](const ArchivedRun& r) { return r.archive().root(); })
      .def_property_readonly("key", [](const ArchivedRun& r) { return r.row().key.value(); })
      .def_property_readonly("user", [](const ArchivedRun& r) { return r.row().user; })
      .def_property_readonly("created", [](const ArchivedRun& r) { return r.row().created; })
      .def_property_readonly("ended", [](const ArchivedRun& r) { return r.row().ended; })
      .def_property_readonly("tags", [](const ArchivedRun& r) { return r.row().tags; })
      .def_property_readonly("system_tags", [](const ArchivedRun& r) { return r.row().system_tags; })
      .def_property_readonly("project", [](const ArchivedRun& r) { return r.row().project; })
      .def_property_readonly("branch", [](const ArchivedRun& r) { return r.row().branch; })
      .def_property_readonly("origin", &ArchivedRun::origin)
      .def_property_readonly("code", [](ArchivedRun& r) { return py::bytes(r.code()); })
      .def("parameters", &ArchivedRun::parameters)
      .def(
          "graph", [](ArchivedRun& r) { return graph_of(r.graph()); }, "The steps, each with those that follow.")
      .def("steps",
           [](ArchivedRun& r) {
             std::vector<std::string> names;
             for (const client::Step& s : r.run().steps()) names.push_back(s.name());
             return names;
           })
      .def("tasks", &ArchivedRun::tasks)
      .def("task", &ArchivedRun::task, py::arg("step"), py::arg("id"))
      .def("change_tags", &ArchivedRun::change_tags, py::arg("add"), py::arg("remove"));
}

}  // namespace

void bind_reading(py::module_& module) {
  bind_artifact(module);
  bind_archived_task(module);
  bind_archived_run(module);
  py::class_<Archive, std::shared_ptr<Archive>>(module, "Archive", "What ran in a home, read back.")
      .def(py::init<std::string>(), py::arg("home"))
      .def_property_readonly("root", &Archive::root)
      .def("close", &Archive::close)
      .def("flows",
           [](Archive& a) {
             std::vector<std::string> names;
             for (const client::Flow& flow : a.client().flows()) names.push_back(flow.name());
             return names;
           })
      .def("run",
           [](const std::shared_ptr<Archive>& a, const std::string& flow,
              const std::string& id) -> std::shared_ptr<ArchivedRun> {
             auto number = number_of(id);
             auto run = number ? a->client().find_run(flow, *number) : std::nullopt;
             return run ? std::make_shared<ArchivedRun>(a, std::move(*run)) : nullptr;
           })
      .def(
          "runs",
          [](const std::shared_ptr<Archive>& a, const std::string& flow, std::int64_t before_key, std::size_t limit) {
            RunFilter filter;
            filter.flow = flow;
            filter.before_key = RunKey(before_key);
            filter.limit = limit;
            std::vector<std::shared_ptr<ArchivedRun>> found;
            for (client::Run& run : a->client().runs(filter))
              found.push_back(std::make_shared<ArchivedRun>(a, std::move(run)));
            return found;
          },
          py::arg("flow"), py::arg("before_key") = 0, py::arg("limit") = 50, "Newest first.");
}

}  // namespace backlot::python
