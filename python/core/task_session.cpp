#include "python/core/task_session.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <filesystem>

#include "backlot/flow/decisions.h"

namespace backlot::python {
namespace {

const Reference* find_in(const std::vector<NamedReference>& sorted, std::string_view name) {
  auto before = [](const NamedReference& r, std::string_view n) { return r.name < n; };
  auto at = std::lower_bound(sorted.begin(), sorted.end(), name, before);
  return at != sorted.end() && at->name == name ? &at->value : nullptr;
}

std::optional<Reference> copy_of(const Reference* reference) {
  return reference ? std::optional(*reference) : std::nullopt;
}

}  // namespace

std::optional<Reference> Branch::find(std::string_view name) const {
  const Reference* found = find_in(record_.scope, name);
  if (!found && !record_.replaces) found = find_in(task_.frame().split_scope, name);
  return copy_of(found);
}

std::vector<std::string> Branch::names() const {
  std::vector<std::string> names;
  for (const NamedReference& r : record_.scope) names.push_back(r.name);
  for (const NamedReference& r : task_.frame().split_scope)
    if (!record_.replaces && !find_in(record_.scope, r.name)) names.push_back(r.name);
  std::sort(names.begin(), names.end());
  return names;
}

TaskSession::TaskSession(const Graph& graph, const TaskFrame& frame, TaskContext& context)
    : graph_(graph), frame_(frame), context_(context), objects_(context.blobs, context.writer) {}

std::optional<Reference> TaskSession::find(std::string_view name) const { return copy_of(find_in(frame_.scope, name)); }

std::vector<std::string> TaskSession::names() const {
  std::vector<std::string> names;
  for (const NamedReference& r : frame_.scope) names.push_back(r.name);
  return names;
}

Branch TaskSession::branch(std::uint64_t index) {
  if (index >= frame_.branch_count) throw py::index_error("there are " + std::to_string(frame_.branch_count));
  if (!frame_.branch_file.empty() && !branch_file_)
    branch_file_ = system_files().open(frame_.branch_file, OpenMode::read)->map();
  std::string_view table = branch_file_ ? branch_file_->bytes() : std::string_view(frame_.branches);
  return {*this, branch_at(table, frame_.branch_count, index)};
}

void TaskSession::leave(std::string name, Reference value, bool own) {
  (own ? own_ : taken_).push_back({std::move(name), std::move(value)});
}

std::optional<Reference> TaskSession::left(std::string_view name) const {
  for (const auto* list : {&own_, &taken_})
    for (const NamedReference& r : *list)
      if (r.name == name) return r.value;
  return std::nullopt;
}

void TaskSession::metadata(std::string key, std::string value) {
  manifest_.metadata.emplace_back(std::move(key), std::move(value));
}

void TaskSession::fail(FailureKind kind, int code, std::string type, std::string message, std::string place) {
  constexpr std::size_t longest = 4096;
  if (message.size() > longest) message.resize(longest);
  manifest_.failure = Failure{kind, code, std::move(type), std::move(message), std::move(place)};
}

const std::string& TaskSession::temp_dir() {
  std::filesystem::create_directories(context_.temp_dir);
  return context_.temp_dir;
}

std::uint32_t TaskSession::decide(const GraphWalk& walk, NodeId at) const {
  const auto& ways = walk.targets(at);
  auto is_target = [&](NodeId to) { return graph_.node(to).name == *target_; };
  if (!target_) throw Error(ErrorCode::internal, "the task of a switch did not say where it goes");
  if (graph_.node(at).kind == NodeKind::loop) return is_target(ways.at(0)) ? 1 : 0;
  auto way = std::find_if(ways.begin(), ways.end(), is_target);
  return static_cast<std::uint32_t>(way - ways.begin());
}

void TaskSession::route() {
  GraphWalk walk(graph_);
  auto decide_and_note = [&](NodeId at, std::uint64_t) {
    std::uint32_t decision = decide(walk, at);
    manifest_.next.decisions.push_back(name_of_decision(graph_, at, decision));
    return decision;
  };
  Waypoint next = walk.after(frame_.node, frame_.path, decide_and_note);
  bool fans_out = next.kind == Waypoint::Kind::fan_out && graph_.node(next.node).kind == NodeKind::foreach;
  if (fans_out != fan_out_.has_value()) throw Error(ErrorCode::internal, "the task went another way than its graph");
  manifest_.next.fan_out = std::move(fan_out_);
  if (fans_out) manifest_.next.fan_out->field = graph_.node(next.node).name;
}

Manifest TaskSession::finish() {
  auto by_name = [](const NamedReference& a, const NamedReference& b) { return a.name < b.name; };
  std::sort(own_.begin(), own_.end(), by_name);
  std::sort(taken_.begin(), taken_.end(), by_name);
  manifest_.own = static_cast<std::uint32_t>(own_.size());
  manifest_.artifacts = std::move(own_);
  std::move(taken_.begin(), taken_.end(), std::back_inserter(manifest_.artifacts));
  if (!manifest_.failure) route();
  std::vector<Reference*> saved;
  for (NamedReference& a : manifest_.artifacts) saved.push_back(&a.value);
  if (manifest_.next.fan_out) saved.push_back(&manifest_.next.fan_out->list);
  objects_.finish(saved);
  return std::move(manifest_);
}

void bind_task(py::module_& module) {
  py::class_<Reference>(module, "Reference", "Stands for a stored value without holding it.")
      .def_property_readonly("type", [](const Reference& r) { return std::string(name_of(r.type)); })
      .def_readonly("size", &Reference::size)
      .def_property_readonly("identity", [](const Reference& r) { return r.identity().hex(); })
      .def(
          "__eq__", [](const Reference& a, const Reference& b) { return a.same_value(b); }, py::is_operator());

  py::class_<Branch>(module, "Branch")
      .def_property_readonly("index", &Branch::index)
      .def_property_readonly("number", &Branch::number)
      .def("find", &Branch::find)
      .def("names", &Branch::names);

  py::class_<TaskSession>(module, "TaskSession")
      .def_property_readonly("flow", [](const TaskSession& t) { return t.frame().run.flow; })
      .def_property_readonly("run_id", [](const TaskSession& t) { return t.frame().run.run; })
      .def_property_readonly("origin_run", [](const TaskSession& t) { return t.frame().run.origin_run; })
      .def_property_readonly("step", [](const TaskSession& t) { return t.node().name; })
      .def_property_readonly("number", [](const TaskSession& t) { return t.frame().number; })
      .def_property_readonly("attempt", [](const TaskSession& t) { return t.frame().attempt; })
      .def_property_readonly("retries", [](const TaskSession& t) { return t.node().with.retry.times; })
      .def_property_readonly("seed", [](const TaskSession& t) { return t.frame().seed; })
      .def_property_readonly("path", [](const TaskSession& t) { return t.frame().path.text(); })
      .def_property_readonly("is_join", [](const TaskSession& t) { return t.node().kind == NodeKind::join; })
      .def_property_readonly("caught",
                             [](const TaskSession& t) -> std::optional<std::tuple<std::string, std::string>> {
                               const auto& caught = t.frame().caught;
                               if (!caught) return std::nullopt;
                               return std::tuple(std::string(name_of(caught->kind)), describe(*caught));
                             })
      .def_property_readonly("items",
                             [](const TaskSession& t) {
                               std::vector<std::tuple<std::uint64_t, Reference>> items;
                               for (const ForeachItem& i : t.frame().items) items.emplace_back(i.index, i.list);
                               return items;
                             })
      .def_property_readonly("joined_list", [](const TaskSession& t) { return t.frame().joined_list; })
      .def_property_readonly("branch_count", &TaskSession::branch_count)
      .def_property_readonly("joins_foreach", [](const TaskSession& t) { return t.frame().joined_list.size > 0; })
      .def("count", [](TaskSession& t, const Reference& list) { return t.objects().count(list); })
      .def("left", &TaskSession::left)
      .def("branch", &TaskSession::branch, py::keep_alive<0, 1>())
      .def("find", &TaskSession::find)
      .def("names", &TaskSession::names)
      .def("load", [](TaskSession& t, const Reference& r) { return t.objects().load(r); })
      .def("item", [](TaskSession& t, const Reference& list, std::uint64_t i) { return t.objects().item(list, i); })
      .def("save", [](TaskSession& t, const py::object& object) { return t.objects().save(object); })
      .def("save_again", [](TaskSession& t, const py::object& object,
                            const Reference& before) { return t.objects().save_again(object, before); })
      .def("leave", &TaskSession::leave, py::arg("name"), py::arg("value"), py::arg("own") = true)
      .def("metadata", &TaskSession::metadata)
      .def("report_metadata",
           [](TaskSession& t, const std::string& key, const std::string& value) { t.reporter().metadata(key, value); })
      .def("label", [](TaskSession& t, const std::string& text) { t.reporter().label(text); })
      .def("progress", [](TaskSession& t, double done, double total,
                          const std::string& note) { t.reporter().progress(done, total, note); })
      .def("fail",
           [](TaskSession& t, std::string type, std::string message, std::string place) {
             t.fail(FailureKind::exception, 0, std::move(type), std::move(message), std::move(place));
           })
      .def("fail_exit",
           [](TaskSession& t, int code, std::string message, std::string place) {
             t.fail(FailureKind::exit_code, code, "SystemExit", std::move(message), std::move(place));
           })
      .def("fail_timeout",
           [](TaskSession& t, std::string type, std::string message, std::string place) {
             t.fail(FailureKind::timeout, 0, std::move(type), std::move(message), std::move(place));
           })
      .def("go_to", &TaskSession::go_to)
      .def("fan_out", &TaskSession::fan_out)
      .def_property_readonly("temp_dir", &TaskSession::temp_dir);
}

}  // namespace backlot::python
