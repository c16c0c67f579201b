#include "backlot/sdk/program_code.h"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "backlot/flow/decisions.h"
#include "backlot/flow/graph_walk.h"
#include "backlot/flow/noted_reads.h"
#include "backlot/flow/step_rules.h"
#include "backlot/sdk/branch_reader.h"
#include "backlot/sdk/failure.h"
#include "backlot/sdk/running_task.h"
#include "backlot/value/codec.h"
#include "backlot/value/list_layout.h"

namespace backlot {

namespace {

using namespace sdk;

std::vector<Field> sorted(std::vector<Field> fields) {
  std::sort(fields.begin(), fields.end(), [](const Field& a, const Field& b) { return a.name < b.name; });
  return fields;
}

/// One task, from its frame to its manifest.
class TaskRun {
 public:
  TaskRun(const std::string& flow_name, const Program& program, const TaskFrame& frame, TaskContext& context)
      : flow_name_(flow_name),
        program_(program),
        graph_(program.graph()),
        frame_(frame),
        context_(context),
        loader_(context.blobs),
        saver_(context.writer),
        flow_(program.fresh()),
        fields_(sorted(program.fields(flow_.get()))) {}

  Manifest run() {
    bind_scope();
    Call call = make_call();
    RunningTask running(frame_, graph_, fields_, context_);
    attempt([&] { frame_.caught ? write_caught() : program_.code(frame_.node).run(flow_.get(), call); });
    attempt([&] { refuse_lost_writes(); });
    save_changed();
    attempt([&] { route(running); });
    finish_references();
    note_reads(running);
    manifest_.metadata = running.take_metadata();
    return std::move(manifest_);
  }

 private:
  const Node& node(NodeId id) const { return graph_.node(id); }
  const Node& here() const { return node(frame_.node); }

  const Reference* in_scope(std::string_view name) const {
    auto before = [](const NamedReference& r, std::string_view n) { return r.name < n; };
    auto at = std::lower_bound(frame_.scope.begin(), frame_.scope.end(), name, before);
    return at != frame_.scope.end() && at->name == name ? &at->value : nullptr;
  }

  void bind_scope() {
    for (const Field& f : fields_) {
      const Reference* value = in_scope(f.name);
      if (value)
        f.slot->bind(f.name, *value, loader_);
      else if (f.is_parameter())
        f.slot->settle();  // at its default
      else
        f.slot->bind(f.name, std::nullopt, loader_);
    }
  }

  /// Runs code of the user's, unless some has failed; what it throws becomes the task's failure.
  template <class UserCode>
  void attempt(UserCode&& code) {
    if (manifest_.failure) return;
    try {
      code();
    } catch (const EngineFailure&) { throw; } catch (const abi::__forced_unwind&) {
      throw;  // the thread is being cancelled; this must not be swallowed
    } catch (...) { manifest_.failure = failure_of_exception(flow_name_ + "::" + here().name); }
  }

  Call make_call() {
    Call call{.items = frame_.items, .loader = &loader_, .branches = nullptr};
    if (!call.items.empty() && !call.items.back().item)  // else whoever made the frame has its label
      context_.report.label(item_label(item_of(call.items.back(), loader_)));
    if (here().kind == NodeKind::join) call.branches = &branches_.emplace(frame_, graph_, loader_);
    return call;
  }

  void write_caught() {
    const std::string& name = here().with.catch_into;
    auto field = std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.name == name; });
    BACKLOT_ASSERT(field != fields_.end());  // Program checked that it is a text artifact
    static_cast<Artifact<std::string>&>(*field->slot) = describe(*frame_.caught);
  }

  /// What could not be kept must not be lost without a word.
  void refuse_lost_writes() {
    for (const Field& f : fields_) {
      if (!f.slot->changed()) continue;
      if (f.is_parameter())
        throw Error(ErrorCode::unsupported, "parameter '" + std::string(f.name) + "' was assigned in a step",
                    "parameters are fixed; keep the value in an artifact");
      if (!f.slot->holds())
        throw Error(ErrorCode::unset, "'" + std::string(f.name) + "' was assigned from an artifact that is not set",
                    "ask has() before");
    }
  }

  /// The attempt's own writes, then what it took over as references; what is still the same is neither.
  void save_changed() {
    std::vector<NamedReference> taken_over;
    for (const Field& f : fields_) {
      if (f.is_parameter() || !f.slot->changed() || !f.slot->holds()) continue;
      const Reference* held = f.slot->reference();
      Reference value = held ? *held : f.ops->save(f.slot->peek(*f.ops), saver_);
      const Reference* before = in_scope(f.name);
      if (before && before->same_value(value)) {
        unchanged_.insert(f.name);
        continue;
      }
      (held ? taken_over : manifest_.artifacts).push_back({std::string(f.name), std::move(value)});
    }
    manifest_.own = static_cast<std::uint32_t>(manifest_.artifacts.size());
    std::move(taken_over.begin(), taken_over.end(), std::back_inserter(manifest_.artifacts));
  }

  /// Decides at the routing nodes behind the task, up to the next task, split or foreach.
  void route(RunningTask& running) {
    auto decide = [&](NodeId at, std::uint64_t pass) {
      auto decision = static_cast<std::uint32_t>(program_.code(at).route(flow_.get()));
      bool may_go_on = node(at).kind != NodeKind::loop || pass + 1 < static_cast<std::uint64_t>(node(at).at_most);
      if (node(at).kind == NodeKind::loop && decision != 0) running.note_path();  // whether it may depends on the pass
      if (!may_go_on) decision = 0;
      manifest_.next.decisions.push_back(name_of_decision(graph_, at, decision));
      return decision;
    };
    Waypoint next = GraphWalk(graph_).after(frame_.node, frame_.path, decide);
    if (next.kind == Waypoint::Kind::fan_out && node(next.node).kind == NodeKind::foreach)
      manifest_.next.fan_out = fan_out(next.node);
  }

  Transition::FanOut fan_out(NodeId each) {
    auto field =
        std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.name == node(each).name; });
    bool in_store = field != fields_.end() && field->slot->has() && field->slot->reference();
    if (in_store) return {count_items(*field->slot->reference()), *field->slot->reference(), node(each).name};
    SavedList saved = program_.code(each).list(flow_.get(), saver_);
    return {saved.count, saved.list ? *saved.list : saved_reference(*field), node(each).name};
  }

  std::uint64_t count_items(const Reference& list) {
    try {
      return ListView(loader_.raw(list).bytes).size();
    } catch (const Error& e) { throw_engine_failure(e); }
  }

  /// Of a list that is in memory: this task has written it, or it is a parameter at its default.
  Reference saved_reference(const Field& field) {
    for (const NamedReference& a : manifest_.artifacts)
      if (a.name == field.name) return a.value;
    if (const Reference* before = in_scope(field.name)) return *before;  // it was written, but did not change
    return field.ops->save(field.slot->peek(*field.ops), saver_);
  }

  void finish_references() {
    std::vector<Reference*> saved;
    for (NamedReference& a : manifest_.artifacts) saved.push_back(&a.value);
    if (manifest_.next.fan_out) saved.push_back(&manifest_.next.fan_out->list);
    saver_.finish(saved);
  }

  /// For the step cache: what it did depends on these. On what it wrote in vain, too: had that been different before,
  /// the write would have counted.
  void note_reads(const RunningTask& running) {
    std::vector<std::string> names;
    if (here().with.cache && running.path_noted()) names.emplace_back(path_read);
    if (here().with.cache && branches_) {
      names.emplace_back(branches_read);
      for (std::string_view name : branches_->names_read()) names.push_back(branch_read_name(name));
    }
    for (const Field& f : fields_)
      if (f.slot->was_read() || unchanged_.contains(f.name)) names.emplace_back(f.name);
    manifest_.reads = noted_reads(frame_, branches_ ? branches_->bytes() : std::string_view(), names);
  }

  const std::string& flow_name_;
  const Program& program_;
  const Graph& graph_;
  const TaskFrame& frame_;
  TaskContext& context_;
  ValueLoader loader_;
  ValueSaver saver_;
  std::set<std::string_view> unchanged_;  ///< written, with the value that was there before
  FlowValue flow_;
  std::vector<Field> fields_;  ///< of flow_, sorted by name
  std::optional<BranchReader> branches_;
  Manifest manifest_;
};

/// Options of `run`: a parameter of the same name could not be given.
constexpr std::array reserved_parameters = {std::string_view("help"), std::string_view("version"),
                                            std::string_view("params")};

void check_fields(const std::string& flow, const std::vector<Field>& fields, std::vector<Diagnostic>& found) {
  for (auto f = fields.begin(); f != fields.end(); ++f) {
    std::string name(f->name);
    auto is_same = [&](const Field& other) { return other.name == f->name; };
    if (f->is_parameter() && std::count(reserved_parameters.begin(), reserved_parameters.end(), f->name))
      found.push_back({"fields", flow, "the parameter name '" + name + "' is reserved", "give it another name"});
    if (name.starts_with('_'))
      found.push_back({"fields", flow, "'" + name + "' begins with _, which is reserved", "give it another name"});
    if (std::find_if(fields.begin(), f, is_same) != f)
      found.push_back({"fields", flow, "two fields are named '" + name + "'",
                       "a field must not hide one of the base; give it another name"});
  }
}

}  // namespace

ProgramCode::ProgramCode(std::string name, Program program) : name_(std::move(name)), program_(std::move(program)) {
  for (const Field& f : program_.fields())
    if (f.is_parameter()) parameters_.push_back(f.spec(*f.slot, f.name));
}

std::vector<Diagnostic> ProgramCode::check() const {
  std::vector<Diagnostic> found = lint(graph());
  found.insert(found.end(), program_.problems().begin(), program_.problems().end());
  if (int forgotten = program_.forgotten_fields(); forgotten > 0)
    found.push_back({"fields", name_, "BACKLOT_FIELDS forgets " + std::to_string(forgotten) + " field(s)",
                     "name all artifacts and parameters in BACKLOT_FIELDS; a base's as Base::fields"});
  check_fields(name_, program_.fields(), found);
  if (!is_identifier(name_))
    found.push_back(
        {"name", name_, "'" + name_ + "' is no name for a flow", "derive a struct with a plain name from it"});
  return found;
}

Manifest ProgramCode::run(const TaskFrame& frame, TaskContext& context) const {
  return TaskRun(name_, program_, frame, context).run();
}

}  // namespace backlot
