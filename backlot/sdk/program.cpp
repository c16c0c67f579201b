#include "backlot/sdk/program.h"

#include <algorithm>
#include <utility>

namespace backlot::sdk {

Program::Program(FlowValue example, int slots_made, Copy copy, Fields list_fields)
    : example_(std::move(example)),
      copy_(copy),
      fields_(list_fields),
      example_fields_(list_fields(example_.get())),
      forgotten_fields_(slots_made - static_cast<int>(example_fields_.size())) {}
Program::~Program() = default;
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;

NodeId Program::add(std::string_view name, NodeKind kind, const Code& code, int at_most) {
  NodeId id = size();
  for (OpenEdge& e : open_) {
    e.to = id;
    edges_.push_back(std::move(e));
  }
  branch(id, "");
  graph_.nodes.push_back({.name = std::string(name), .kind = kind, .inside = inside_, .at_most = at_most});
  code_.push_back(code);
  return id;
}

void Program::decorate(NodeId id, const StepOptions& options) {
  Decorators& with = node(id).with;
  with.retry = options.retry;
  with.timeout = options.timeout;
  with.resources = options.resources;
  with.cache = options.cache;
  with.cache_version = options.cache_version;
  with.pure = options.pure;
  with.priority = options.priority;
  with.pool = options.pool;
  for (std::size_t i = 0; i < options.variable_count; ++i)
    with.environment.emplace_back(options.variables[i].name, options.variables[i].value);
}

void Program::catch_into(NodeId id, const Slot* slot) {
  auto field =
      std::find_if(example_fields_.begin(), example_fields_.end(), [&](const Field& f) { return f.slot == slot; });
  if (field != example_fields_.end())
    node(id).with.catch_into = field->name;
  else
    problems_.push_back({"catch-into", node(id).name, "it catches into an artifact that BACKLOT_FIELDS forgets",
                         "name the artifact in BACKLOT_FIELDS"});
}

void Program::branch(NodeId from, std::string_view label) {
  open_.clear();
  open_.push_back({from, std::string(label), opened_++});
}

std::vector<Program::OpenEdge> Program::begin_branches() { return std::exchange(ends_, {}); }

void Program::end_branch() { ends_.insert(ends_.end(), open_.begin(), open_.end()); }

void Program::end_branches(std::vector<OpenEdge> outer) { open_ = std::exchange(ends_, std::move(outer)); }

void Program::match(NodeId split, NodeId join) {
  node(split).match = join;
  node(join).match = split;
}

void Program::back_edge(NodeId loop, NodeId first) {
  edges_.push_back({loop, "again", opened_++, first});
  branch(loop, "done");
}

void Program::finish() {
  // A task may be the last; a routing node that leads nowhere keeps its edge, and lint reports it.
  for (OpenEdge& e : open_)
    if (!is_task(node(e.from).kind)) edges_.push_back(std::move(e));
  open_.clear();
  std::sort(edges_.begin(), edges_.end(), [](const OpenEdge& a, const OpenEdge& b) {
    return std::pair(a.from, a.order) < std::pair(b.from, b.order);
  });
  for (OpenEdge& e : edges_) graph_.edges.push_back({e.from, e.to, std::move(e.label)});
  edges_.clear();
}

}  // namespace backlot::sdk
