#include "python/core/flow_run.h"

#include <pybind11/stl.h>

#include "backlot/exec/machine.h"
#include "backlot/exec/open_files.h"
#include "backlot/home/home.h"
#include "backlot/home/open.h"
#include "backlot/verbs/run.h"
#include "backlot/verbs/stored_code.h"
#include "backlot/verbs/task_runner.h"
#include "python/core/objects.h"
#include "python/core/python_flow.h"
#include "python/core/run_lines.h"

namespace backlot::python {
namespace {

/// Values of parameters and code, put into the home's store before the run begins.
class Inputs {
 public:
  explicit Inputs(const std::string& home) : store_(store_of({home})), objects_(*store_, *store_) {}

  void add(std::string name, py::handle value) { values_.push_back({std::move(name), objects_.save(value)}); }
  std::string add_code(const std::string& code) {
    Digest id = store_->put(TypeTag::code, {code});
    store_->sync_names({id});
    return id.hex();
  }
  std::vector<NamedReference> finish() {
    std::vector<Reference*> saved;
    for (NamedReference& v : values_) saved.push_back(&v.value);
    objects_.finish(saved);
    Manifest named;
    named.artifacts = values_;
    store_->sync_names(blobs_of(named));
    std::sort(values_.begin(), values_.end(),
              [](const NamedReference& a, const NamedReference& b) { return a.name < b.name; });
    return std::move(values_);
  }

 private:
  static std::unique_ptr<BlobStore> store_of(const Home& home) {
    make_home(home);
    return open_store(home);
  }
  std::unique_ptr<BlobStore> store_;
  Objects objects_;
  std::vector<NamedReference> values_;
};

/// The run that is to be resumed: the one that is named, else the user's last run of the flow.
class OriginRun {
 public:
  OriginRun(const std::string& home, const std::string& flow, std::int64_t run_id) {
    if (!system_files().info(Home{home}.catalog())) throw missing(flow, run_id);
    auto catalog = open_catalog(Home{home});
    std::optional<RunRow> row = run_id != 0 ? catalog->run(flow, run_id) : verbs::run_to_resume(*catalog, flow);
    if (!row) throw missing(flow, run_id);
    run_id_ = row->run_id;
    parameters_ = catalog->parameters(row->key);
    graph_ = decode_graph(catalog->graph(row->key));
    store_ = open_store(Home{home});
    objects_.emplace(*store_);
  }

  std::int64_t run_id() const { return run_id_; }
  /// Whether it had other steps, or went other ways between them.
  bool differs_from(const PythonFlow& flow) const { return encode(shape_of(graph_)) != encode(shape_of(flow.graph())); }
  py::object parameter(std::string_view name) {
    for (const NamedReference& p : parameters_)
      if (p.name == name) return objects_->load(p.value);
    return py::none();
  }

 private:
  static Error missing(const std::string& flow, std::int64_t run_id) {
    if (run_id != 0) return {ErrorCode::not_found, "there is no run " + flow + "/" + std::to_string(run_id)};
    return {ErrorCode::not_found, "there is no run of " + flow + " to resume", "`run` it first"};
  }
  static Graph shape_of(Graph graph) {
    for (Node& node : graph.nodes) node.with = {};
    return graph;
  }

  std::unique_ptr<BlobStore> store_;
  std::optional<Objects> objects_;
  std::int64_t run_id_ = 0;
  Graph graph_;
  std::vector<NamedReference> parameters_;
};

struct RunRequest {
  verbs::RunOptions options;
  bool quiet = false;
  std::vector<std::string> unwaited;  ///< steps whose retries would wait, had they been told to
  py::object on_run;                  ///< called with the run's id before its first task
};

class Watcher : public RunLines {
 public:
  explicit Watcher(const RunRequest& request)
      : RunLines(request.quiet, request.options, request.unwaited), on_run_(request.on_run) {}
  void on_run(std::string_view flow, std::int64_t run_id, std::int64_t origin, const Graph& graph) override {
    if (!on_run_.is_none()) on_run_(run_id);
    RunLines::on_run(flow, run_id, origin, graph);
  }

 private:
  py::object on_run_;
};

/// While the run lasts, Python is as it must be when it is forked: what it does before a fork is done here once, what
/// it does after one in each task (PythonFlow::run) and, at the end, here.
class ReadyToFork {
 public:
  ReadyToFork() { PyOS_BeforeFork(); }
  ~ReadyToFork() { PyOS_AfterFork_Parent(); }
  ReadyToFork(const ReadyToFork&) = delete;
};

/// The interpreter's lock is held all the time: nothing else of Python runs here, and the processes forked from this
/// one begin with holding it.
verbs::RunReport run(PythonFlow& flow, const RunRequest& request) {
  Watcher watcher(request);
  ReadyToFork ready;
  flow.forked();
  verbs::RunReport report = verbs::run_flow(flow, request.options, watcher);
  watcher.on_end(report);
  return report;
}

}  // namespace

void bind_run(py::module_& module) {
  py::class_<RunRequest>(module, "RunRequest", "What `run` and `resume` are asked to do.")
      .def(py::init([](const std::string& home) {
        RunRequest request;
        request.options.home = home;
        request.options.clone_policy = ClonePolicy::by_name;
        request.options.on_interrupt = StopRun::gently;
        request.on_run = py::none();
        return request;
      }))
      .def_property("tags", nullptr, [](RunRequest& r, std::vector<std::string> v) { r.options.tags = std::move(v); })
      .def_property("system_tags", nullptr,
                    [](RunRequest& r, std::vector<std::string> v) { r.options.system_tags = std::move(v); })
      .def_property("namespace", nullptr, [](RunRequest& r, std::string v) { r.options.ns = std::move(v); })
      .def_property("project", nullptr, [](RunRequest& r, std::string v) { r.options.project = std::move(v); })
      .def_property("branch", nullptr, [](RunRequest& r, std::string v) { r.options.branch = std::move(v); })
      .def_property("max_workers", nullptr, [](RunRequest& r, int v) { r.options.max_workers = v; })
      .def_property("most_splits", nullptr, [](RunRequest& r, std::uint64_t v) { r.options.most_splits = v; })
      .def_property("most_log_bytes", nullptr, [](RunRequest& r, std::uint64_t v) { r.options.log_cap = v; })
      .def_property("failure_grace_ms", nullptr,
                    [](RunRequest& r, std::int64_t v) {
                      r.options.cancel_on_failure = true;
                      r.options.failure_grace = Duration(v);
                    })
      .def_property("keep_going", nullptr, [](RunRequest& r, bool v) { r.options.keep_going = v; })
      .def_property("resume", nullptr, [](RunRequest& r, bool v) { r.options.resume = v; })
      .def_property("resume_step", nullptr, [](RunRequest& r, std::string v) { r.options.resume_step = std::move(v); })
      .def_property("anyway", nullptr, [](RunRequest& r, bool v) { r.options.anyway = v; })
      .def_property("origin_run", nullptr, [](RunRequest& r, std::int64_t v) { r.options.origin_run = v; })
      .def_property("run_id", nullptr, [](RunRequest& r, std::int64_t v) { r.options.run_id = v; })
      .def_readwrite("quiet", &RunRequest::quiet)
      .def_readwrite("unwaited", &RunRequest::unwaited)
      .def_readwrite("on_run", &RunRequest::on_run)
      .def("fresh",
           [](RunRequest& r, std::string program, std::vector<std::string> arguments, Environment environment,
              std::string reason) {
             if (!reason.empty()) reason += ": every task is started as a fresh process";
             r.options.fresh = {std::move(program), std::move(arguments), std::move(environment), std::move(reason)};
           })
      .def("inputs", [](RunRequest& r, const py::dict& parameters, const std::string& code, std::string interpreter,
                        std::string script, std::string directory, std::string python_path) {
        Inputs inputs(r.options.home);
        for (auto [name, value] : parameters) inputs.add(py::str(name), value);
        r.options.values = inputs.finish();
        r.options.code = inputs.add_code(code);
        auto catalog = open_catalog(Home{r.options.home});
        note_script(*catalog, r.options.code,
                    {std::move(interpreter), std::move(script), std::move(directory), std::move(python_path)});
      });

  py::class_<verbs::RunReport>(module, "RunReport")
      .def_readonly("run_id", &verbs::RunReport::run_id)
      .def_property_readonly(
          "ok", [](const verbs::RunReport& r) { return r.result.state == RunState::done && !r.result.error; })
      .def_property_readonly("state", [](const verbs::RunReport& r) { return std::string(name_of(r.result.state)); })
      .def_property_readonly("failed", [](const verbs::RunReport& r) { return r.result.failed; })
      .def_property_readonly("tasks", [](const verbs::RunReport& r) { return r.result.tasks; });

  py::class_<OriginRun>(module, "OriginRun", "The run that `resume` takes its parameters and finished tasks from.")
      .def(py::init<const std::string&, const std::string&, std::int64_t>(), py::arg("home"), py::arg("flow"),
           py::arg("run_id") = 0)
      .def_property_readonly("run_id", &OriginRun::run_id)
      .def("differs_from", &OriginRun::differs_from, "Whether it had other steps, or went other ways between them.")
      .def("parameter", &OriginRun::parameter, "The value of a parameter, None when it had none.");

  module.def(
      "machine",
      [] {
        Machine machine = this_machine();
        return std::tuple(machine.cpus, machine.memory, machine.gpus);
      },
      "Cores, bytes of memory and GPUs that flows may use here.");
  module.def("run", &run, "Runs a flow to its end in the calling thread.");
  module.def(
      "opened_files",
      [] {
        OpenFiles files = OpenFiles::of_this_process();
        return std::tuple(files.reason_for_fresh(), files.has_own(), files.count_in_task());
      },
      "What this process has open: what of it forks cannot share, in words, empty when there is nothing; whether the "
      "program itself opened a file; how many descriptors beyond its own a forked task begins with.");
  module.attr("TASK_CHANNEL_VARIABLE") = task_channel_variable;
  module.def("run_as_task", [](const PythonFlow& flow, int fd) {
    const FlowCode* flows[] = {&flow};
    verbs::run_as_task(flows, fd);
  });
  module.def("find_home", [] { return find_home().root; });
}

}  // namespace backlot::python
