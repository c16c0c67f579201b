#include "python/core/python_flow.h"

#include <pybind11/stl.h>

#include "python/core/strong_number_caster.h"
#include "python/core/task_session.h"

namespace backlot::python {

Manifest PythonFlow::run(const TaskFrame& frame, TaskContext& context) const {
  if (forked_) PyOS_AfterFork_Child();
  TaskSession session(graph_, frame, context);
  try {
    run_task_(py::cast(&session, py::return_value_policy::reference));
    return session.finish();
  } catch (const py::error_already_set& e) {
    // What the step raised was turned into a failure by run_task: this is a mistake of ours.
    throw Error(ErrorCode::internal, e.what());
  }
}

namespace {

NodeId add_node(Graph& graph, std::string name, const std::string& kind, NodeId inside) {
  Node node;
  node.name = std::move(name);
  node.inside = inside;
  for (NodeKind k :
       {NodeKind::step, NodeKind::join, NodeKind::split, NodeKind::foreach, NodeKind::choose, NodeKind::loop})
    if (name_of(k) == kind) node.kind = k;
  node.empty_fails = node.kind == NodeKind::foreach;
  if (node.kind == NodeKind::loop) node.at_most = INT32_MAX;
  return graph.add(std::move(node));
}

Node& node_at(Graph& graph, NodeId id) { return graph.nodes.at(id.index()); }

void match(Graph& graph, NodeId fan_out, NodeId join) {
  node_at(graph, fan_out).match = join;
  node_at(graph, join).match = fan_out;
}

}  // namespace

void bind_flow(py::module_& module) {
  py::class_<Diagnostic>(module, "Diagnostic")
      .def_readonly("rule", &Diagnostic::rule)
      .def_readonly("place", &Diagnostic::place)
      .def_readonly("message", &Diagnostic::message)
      .def_readonly("fix", &Diagnostic::fix);

  py::class_<Graph>(module, "Graph", "A flow's graph: nodes by number, the first is where it begins.")
      .def(py::init<>())
      .def("add", &add_node, py::arg("name"), py::arg("kind"), py::arg("inside") = no_node)
      .def(
          "edge",
          [](Graph& g, NodeId from, NodeId to, std::string label) {
            g.edges.push_back({from, to, std::move(label)});
          },
          py::arg("source"), py::arg("target"), py::arg("label") = "")
      .def("match", &match)
      .def("retry",
           [](Graph& g, NodeId id, int times, std::int64_t delay_ms) {
             node_at(g, id).with.retry = {.times = times, .delay = Duration(delay_ms)};
           })
      .def("timeout", [](Graph& g, NodeId id, std::int64_t ms) { node_at(g, id).with.timeout = Duration(ms); })
      .def("catch_into",
           [](Graph& g, NodeId id, std::string name) { node_at(g, id).with.catch_into = std::move(name); })
      .def("environment",
           [](Graph& g, NodeId id, const std::vector<std::pair<std::string, std::string>>& variables) {
             node_at(g, id).with.environment = variables;
           })
      .def("resources", [](Graph& g, NodeId id, double cpu, std::uint64_t memory,
                           int gpu) { node_at(g, id).with.resources = {.cpu = cpu, .memory = memory, .gpu = gpu}; })
      .def("lint", [](const Graph& g) { return lint(g); });

  py::class_<PythonFlow>(module, "Flow", "What the engine runs: a name, a graph, and a function that runs one task.")
      .def(py::init<std::string, Graph, py::function>());
}

}  // namespace backlot::python
