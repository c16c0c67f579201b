// A flow's graph as data, and the code behind its nodes: nothing after this is a template on the flow.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/flow/decorators.h"
#include "backlot/flow/graph.h"
#include "backlot/flow/task_frame.h"
#include "backlot/sdk/artifact.h"

namespace backlot::sdk {

class BranchReader;

/// A flow value, owned.
using FlowValue = std::shared_ptr<void>;

/// What a step is called with besides its flow.
struct Call {
  std::vector<ForeachItem> items;  ///< outermost first
  ValueLoader* loader = nullptr;
  const BranchReader* branches = nullptr;  ///< joins only
};

/// What a foreach runs over.
struct SavedList {
  std::uint64_t count = 0;
  std::optional<Reference> list;  ///< of a member function's result; a field's is where the field is
};

/// The code of one node; what a node of its kind does not need is null.
struct Code {
  void (*run)(void* flow, const Call& call) = nullptr;               ///< step, join
  std::uint64_t (*route)(const void* flow) = nullptr;                ///< choose: the case; loop: 1 again, 0 done
  SavedList (*list)(const void* flow, ValueSaver& saver) = nullptr;  ///< foreach
};

struct EnvironmentVariable {
  std::string_view name, value;
};

/// Decorators as constants; Program makes Decorators of them.
struct StepOptions {
  static constexpr std::size_t most_variables = 8;
  Retry retry{};
  Duration timeout{0};
  Resources resources{};
  std::array<EnvironmentVariable, most_variables> variables{};
  std::size_t variable_count = 0;
  std::string_view cache_version{}, pool{};
  bool cache = false, pure = false;
  int priority = 0;
};

/// Built by the pieces of a graph, in the order they are written.
class Program {
 public:
  /// An edge whose target is added later than edges of later cases may be.
  struct OpenEdge {
    NodeId from;
    std::string label;
    int order;  ///< among the edges of `from`
    NodeId to = no_node;
  };
  using Copy = FlowValue (*)(const void* flow);
  using Fields = std::vector<Field> (*)(const void* flow);

  /// `slots_made`: how many artifacts and parameters the making of `example` made.
  Program(FlowValue example, int slots_made, Copy copy, Fields fields);
  ~Program();
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;

  const Graph& graph() const { return graph_; }
  const Code& code(NodeId node) const { return code_[node.index()]; }
  /// A flow value as its type makes it: parameters at their defaults.
  FlowValue fresh() const { return copy_(example_.get()); }
  std::vector<Field> fields(const void* flow) const { return fields_(flow); }
  /// The fields of fresh values.
  const std::vector<Field>& fields() const { return example_fields_; }
  /// How many artifacts and parameters BACKLOT_FIELDS does not name.
  int forgotten_fields() const { return forgotten_fields_; }
  /// What the pieces found wrong while they were added.
  const std::vector<Diagnostic>& problems() const { return problems_; }

  // --- for the pieces
  template <class F>
  F& example() const {
    return *static_cast<F*>(example_.get());
  }
  /// Adds a node behind what is open; it is then what is open.
  NodeId add(std::string_view name, NodeKind kind, const Code& code, int at_most = 0);
  void decorate(NodeId node, const StepOptions& options);
  /// `slot` is one of the example's.
  void catch_into(NodeId node, const Slot* slot);
  NodeId size() const { return NodeId(graph_.nodes.size()); }
  NodeId inside() const { return inside_; }
  /// What is added from now on is inside of this split or foreach.
  void enter(NodeId node) { inside_ = node; }
  /// The next node hangs below `from`, as its case `label`.
  void branch(NodeId from, std::string_view label);
  /// Branches of one node are begun one by one with branch(), each ended with end_branch(); all their ends are then
  /// open. begin_branches returns what end_branches takes.
  std::vector<OpenEdge> begin_branches();
  void end_branch();
  void end_branches(std::vector<OpenEdge> outer);
  void match(NodeId split, NodeId join);
  void back_edge(NodeId loop, NodeId first);
  /// Ends the building.
  void finish();

 private:
  Node& node(NodeId id) { return graph_.node(id); }

  FlowValue example_;
  Copy copy_;
  Fields fields_;
  std::vector<Field> example_fields_;
  int forgotten_fields_ = 0;
  Graph graph_;
  std::vector<Code> code_;
  std::vector<Diagnostic> problems_;
  int opened_ = 0;
  std::vector<OpenEdge> edges_;
  std::vector<OpenEdge> open_;  ///< wait for their target
  std::vector<OpenEdge> ends_;  ///< of the branches ended so far
  NodeId inside_ = no_node;
};

}  // namespace backlot::sdk
