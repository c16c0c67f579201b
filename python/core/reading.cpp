#include "python/core/reading.h"

#include <pybind11/stl.h>
#include <unistd.h>

#include <charconv>

#include "backlot/verbs/control.h"
#include "python/core/objects.h"

namespace backlot::python {

using client::RunScope;

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
  Reference reference;
};

py::dict as_artifacts(const std::shared_ptr<Archive>& home, const RunScope::Seen& seen) {
  py::dict found;
  for (const auto& [name, reference] : seen) found[py::str(name)] = ArchivedArtifact{home, reference};
  return found;
}

std::optional<Manifest> ended_manifest(const std::vector<AttemptRow>& attempts, std::optional<std::int32_t> attempt) {
  for (auto a = attempts.rbegin(); a != attempts.rend(); ++a)
    if (!a->manifest.empty() && (!attempt || a->attempt == *attempt)) return decode_manifest(a->manifest);
  return std::nullopt;
}

}  // namespace

// --- the home --------------------------------------------------------------------------------------------------------

const client::ConnectionPtr& Archive::connection() {
  if (connection_ && process_ != getpid()) {
    // What the other process opened is its own: forgotten here, not closed.
    new client::ConnectionPtr(std::move(connection_));
    [[maybe_unused]] auto* forgotten = objects_.release();
  }
  if (!connection_) {
    connection_ = client::open_home(home_);
    objects_ = std::make_unique<Objects>(*connection_->store, Objects::Use::reads);
    process_ = getpid();
  }
  return connection_;
}

void Archive::close() {
  if (process_ != getpid()) return;
  objects_.reset();
  connection_.reset();
}

py::object Archive::load(const Reference& reference) {
  connection();
  return objects_->load(reference);
}

// --- runs ------------------------------------------------------------------------------------------------------------

ArchivedRun::ArchivedRun(std::shared_ptr<Archive> home, RunRow row) : home_(std::move(home)), row_(std::move(row)) {
  if (row_.state == RunState::running) read_again();
}

const Graph& ArchivedRun::graph() {
  if (!graph_) graph_ = decode_graph(home_->catalog().graph(row_.key));
  return *graph_;
}

RunScope& ArchivedRun::scope() {
  Catalog& catalog = home_->catalog();
  // A live run goes on: what was read of its tasks is not kept for the next question.
  if (!scope_ || scope_of_ != &catalog || row_.ended == 0)
    scope_ = std::make_unique<RunScope>(catalog, row_.key, graph());
  scope_of_ = &catalog;
  return *scope_;
}

py::dict ArchivedRun::parameters() {
  py::dict found;
  for (NamedReference& p : home_->catalog().parameters(row_.key))
    found[py::str(p.name)] = ArchivedArtifact{home_, std::move(p.value)};
  return found;
}

std::vector<ArchivedTask> ArchivedRun::tasks(const std::string& step) {
  constexpr std::size_t page_size = 10'000;
  std::vector<ArchivedTask> found;
  for (std::int64_t after = 0;;) {
    std::vector<TaskRow> page = home_->catalog().tasks(row_.key, step, after, page_size);
    if (page.empty()) return found;
    after = page.back().number;
    for (TaskRow& row : page) found.emplace_back(shared_from_this(), std::move(row));
  }
}

std::optional<ArchivedTask> ArchivedRun::task(const std::string& step, const std::string& id) {
  auto number = number_of(id);
  if (!number) return std::nullopt;
  auto row = home_->catalog().task(row_.key, *number);
  if (!row || row->step != step) return std::nullopt;
  return ArchivedTask(shared_from_this(), std::move(*row));
}

std::optional<std::int64_t> ArchivedRun::origin() {
  if (row_.origin == no_run) return std::nullopt;
  auto origin = home_->catalog().run(row_.origin);
  return origin ? std::optional(origin->run_id) : std::nullopt;
}

std::string ArchivedRun::code() {
  auto id = Digest::from_hex(row_.code);
  if (!id) return {};
  auto mapping = home_->connection()->store->open(*id);
  return std::string(mapping->bytes());
}

void ArchivedRun::change_tags(const std::vector<std::string>& add, const std::vector<std::string>& remove) {
  Pathspec spec;
  spec.flow = row_.flow;
  spec.run = row_.run_id;
  client::Client client(home_->connection());
  try {
    verbs::tag(client, spec, add, remove);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::conflict) throw;
    verbs::tag(client, spec, add, remove);  // it ended between the look and the request
  }
  read_again();
}

// What a live run's scheduler has been asked for and will do within seconds, is read as if it had been done. The
// requests are read first: the scheduler goes on meanwhile, and what it took off the list by then is in the row.
void ArchivedRun::read_again() {
  std::vector<ControlRequest> requests = home_->catalog().requests(row_.key);
  if (auto row = home_->catalog().run(row_.key)) row_ = std::move(*row);
  if (row_.state != RunState::running) return;
  for (const ControlRequest& request : requests) {
    if (request.kind == "tag" || request.kind == "untag") std::erase(row_.tags, request.argument);
    if (request.kind == "tag") row_.tags.push_back(request.argument);
  }
}

// --- tasks -----------------------------------------------------------------------------------------------------------

std::vector<AttemptRow> ArchivedTask::attempts() const {
  return run_->archive().catalog().attempts(run_->row().key, row_.number);
}

py::object ArchivedTask::artifacts(std::optional<std::int32_t> attempt) const {
  auto seen = run_->scope().at_end(row_, attempt);
  if (!seen) return py::none();
  return as_artifacts(run_->home(), *seen);
}

py::object ArchivedTask::find(const std::string& name, std::optional<std::int32_t> attempt) const {
  auto left = ended_manifest(attempts(), attempt);
  if (!left) return py::none();
  if (const Reference* own = left->find(name)) return py::cast(ArchivedArtifact{run_->home(), *own});
  auto seen = run_->scope().at_end(row_, attempt);
  auto at = seen ? seen->find(name) : RunScope::Seen::iterator{};
  if (!seen || at == seen->end()) return py::none();
  return py::cast(ArchivedArtifact{run_->home(), at->second});
}

std::vector<Metadatum> ArchivedTask::metadata() const {
  return run_->archive().catalog().metadata(run_->row().key, row_.number);
}

py::list ArchivedTask::log(std::int32_t attempt, const std::string& stream) const {
  const LogStream wanted = stream == "stderr" ? LogStream::err : LogStream::out;
  py::list found;
  client::Task task(run_->archive().connection(), run_->row(), row_);
  auto add = [&](const LogRecord& record) {
    if (record.stream != wanted) return true;
    const std::string bytes = record.gap ? text_of(*record.gap) + "\n" : std::string(record.bytes);
    found.append(py::make_tuple(record.time, py::bytes(bytes)));
    return true;
  };
  try {
    task.log(attempt, 0, add);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::not_found) throw;  // the run that it was cloned from is gone, and its log
  }
  return found;
}

std::vector<ArchivedTask> ArchivedTask::as_tasks(std::vector<TaskRow> rows) const {
  std::vector<ArchivedTask> tasks;
  for (TaskRow& row : rows) tasks.emplace_back(run_, std::move(row));
  return tasks;
}

std::vector<ArchivedTask> ArchivedTask::before() const {
  return as_tasks(client::parents(run_->archive().catalog(), run_->row().key, run_->graph(), row_));
}

std::vector<ArchivedTask> ArchivedTask::after() const {
  return as_tasks(client::children(run_->archive().catalog(), run_->row().key, run_->graph(), row_));
}

std::int64_t ArchivedTask::origin_task() const {
  if (!row_.is_clone() || row_.origin == run_->row().origin) return row_.origin_task;
  // A clone of a clone: what it is called in the run that this one was resumed from.
  auto row = run_->archive().catalog().task(run_->row().origin, row_.step, row_.path);
  return row ? row->number : row_.origin_task;
}

py::list ArchivedTask::foreachs() const {
  py::list found;
  const Graph& graph = run_->graph();
  NodeId node = graph.find(row_.step);
  auto path = IndexPath::from_key(row_.path);
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
  auto path = IndexPath::from_key(row_.path);
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
      .def_property_readonly("size", [](const ArchivedArtifact& a) { return a.reference.size; })
      .def_property_readonly("sha", [](const ArchivedArtifact& a) { return a.reference.identity().hex(); })
      .def_property_readonly("type", [](const ArchivedArtifact& a) { return std::string(name_of(a.reference.type)); })
      .def(
          "load", [](const ArchivedArtifact& a) { return a.home->load(a.reference); }, "The value, anew each time.");
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
             for (const StepRow& s : r.archive().catalog().steps(r.row().key)) names.push_back(s.step);
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
      .def("flows", [](Archive& a) { return a.catalog().flows(); })
      .def("run",
           [](const std::shared_ptr<Archive>& a, const std::string& flow,
              const std::string& id) -> std::shared_ptr<ArchivedRun> {
             auto number = number_of(id);
             auto row = number ? a->catalog().run(flow, *number) : std::nullopt;
             return row ? std::make_shared<ArchivedRun>(a, std::move(*row)) : nullptr;
           })
      .def(
          "runs",
          [](const std::shared_ptr<Archive>& a, const std::string& flow, std::int64_t before_key, std::size_t limit) {
            RunFilter filter;
            filter.flow = flow;
            filter.before_key = RunKey(before_key);
            filter.limit = limit;
            std::vector<std::shared_ptr<ArchivedRun>> found;
            for (RunRow& row : a->catalog().runs(filter))
              found.push_back(std::make_shared<ArchivedRun>(a, std::move(row)));
            return found;
          },
          py::arg("flow"), py::arg("before_key") = 0, py::arg("limit") = 50, "Newest first.");
}

}  // namespace backlot::python
