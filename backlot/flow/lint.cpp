// The rules of a good graph (of a step alone: step_rules.h). Each rule reports once per culprit and leaves alone what
// another rule has reported, so that one mistake is one finding.
#include <algorithm>
#include <functional>
#include <map>

#include "backlot/flow/graph.h"
#include "backlot/flow/step_rules.h"

namespace backlot {

namespace {

bool opens_branches(NodeKind kind) { return kind == NodeKind::split || kind == NodeKind::foreach; }

class Lint {
 public:
  explicit Lint(const Graph& graph) : graph_(graph), out_(graph.nodes.size()), in_(graph.nodes.size()) {}

  std::vector<Diagnostic> run() {
    if (graph_.nodes.empty()) {
      report("no-steps", "graph", "the flow has no steps", "give it at least one");
      return found_;
    }
    check_ids();
    if (!found_.empty()) return found_;  // the other rules follow the ids
    connect();
    check_steps();
    for (NodeId id{0}; id < count(); ++id) check_edges_of(id);
    check_ends();
    check_matches();
    check_balance();
    return found_;
  }

 private:
  /// One past the last.
  NodeId count() const { return NodeId(graph_.nodes.size()); }
  const Node& node(NodeId id) const { return graph_.node(id); }
  const std::vector<NodeId>& after(NodeId id) const { return out_[id.index()]; }
  const std::vector<NodeId>& before(NodeId id) const { return in_[id.index()]; }

  /// How a node is called in a text: "compute", "foreach genres".
  std::string place(NodeId id) const {
    const Node& n = node(id);
    if (is_task(n.kind)) return n.name;
    std::string kind(name_of(n.kind));
    return n.name.empty() || n.name == kind ? kind : kind + " " + n.name;
  }
  void report(std::string rule, std::string where, std::string message, std::string fix) {
    found_.push_back({std::move(rule), std::move(where), std::move(message), std::move(fix)});
  }

  void check_ids() {
    auto known = [&](NodeId id) { return id >= first_node && id < count(); };
    for (const Edge& e : graph_.edges) {
      if (known(e.from) && e.to == no_node)
        report("last-step", place(e.from),
               "the flow may end here" + (e.label.empty() ? "" : ", at '" + e.label + "'") + ", without a last step",
               "put a step behind it that ends the flow");
      else if (!known(e.from) || !known(e.to))
        report("unknown-node", known(e.from) ? place(e.from) : "graph",
               "an edge goes from node " + std::to_string(e.from.value()) + " to node " + std::to_string(e.to.value()) +
                   ", but the nodes are 0 to " + std::to_string(graph_.nodes.size() - 1),
               "let edges name nodes of the graph");
    }
    for (NodeId id{0}; id < count(); ++id)
      for (NodeId other : {node(id).match, node(id).inside})
        if (other != no_node && !known(other))
          report("unknown-node", place(id), "it names node " + std::to_string(other.value()) + ", which does not exist",
                 "let match and inside name nodes of the graph");
  }

  void connect() {
    for (const Edge& e : graph_.edges) {
      out_[e.from.index()].push_back(e.to);
      in_[e.to.index()].push_back(e.from);
    }
  }

  void check_steps() {
    std::map<std::string_view, int> uses;
    for (NodeId id{0}; id < count(); ++id) {
      if (!is_task(node(id).kind)) continue;
      check_step(node(id), found_);
      const std::string& name = node(id).name;
      if (++uses[name] == 2)
        report("name-clash", name, "two steps are named '" + name + "'", "give each step a name of its own");
    }
  }

  void check_edges_of(NodeId id) {
    std::size_t ways = after(id).size();
    NodeKind kind = node(id).kind;
    if (is_task(kind) && ways > 1)
      report("fan-out", place(id), "it goes on to " + std::to_string(ways) + " nodes at once",
             "put a split or a choose behind it");
    if (kind == NodeKind::foreach && ways > 1)
      report("foreach-body", place(id), "it has " + std::to_string(ways) + " bodies", "a foreach has one");
    if (kind == NodeKind::loop) check_loop(id);
    if (!opens_branches(kind)) return;
    for (NodeId to : after(id))
      if (node(to).kind != NodeKind::step)
        report("branch-head", place(id), "a branch begins with '" + place(to) + "'",
               "let each branch begin with a step");
  }

  void check_loop(NodeId id) {
    if (node(id).at_most < 1)
      report("loop-bound", place(id), "it may run " + std::to_string(node(id).at_most) + " times",
             "let the bound be at least 1");
    if (after(id).size() != 2)
      report("loop-edges", place(id), "it has " + std::to_string(after(id).size()) + " ways on",
             "a loop has two: again, then done");
    else if (!reachable({after(id)[0]}, after_edges(), id)[id.index()])
      report("loop-edges", place(id), "its way 'again' goes to '" + place(after(id)[0]) + "', which never comes back",
             "let 'again' go to the first node of the loop's body");
    else if (after(id)[0] > id)
      report("loop-edges", place(id), "it stands before its body in the list of nodes",
             "let a loop stand behind its body");
    else if (goes_idle(id))
      report("idle-loop", place(id), "a pass may run no step at all", "put a step on every way through its body");
    else
      check_body(id);
  }

  /// A body is entered at its first node and left by its loop alone: passes are counted there.
  void check_body(NodeId loop) {
    NodeId first = after(loop)[0];
    auto body = reachable(
        {loop}, [this](NodeId id) { return before(id); }, first);
    for (NodeId from{0}; from < count(); ++from) {
      if (!body[from.index()]) continue;
      bool is_loop = node(from).kind == NodeKind::loop;
      for (std::size_t way = 0; way < after(from).size(); ++way) {
        NodeId to = after(from)[way];
        if (to == first && !(is_loop && way == 0) && from != first)
          report("loop-body", place(loop), "its body can be entered behind '" + place(first) + "'",
                 "enter it at its first node only");
        if (!body[to.index()] && from != loop)
          report("loop-body", place(loop), "'" + place(from) + "' leaves its body for '" + place(to) + "'",
                 "let the loop decide whether to go on");
      }
    }
  }

  /// True when the loop comes back to itself over routing nodes alone.
  bool goes_idle(NodeId loop) const {
    auto routing = [&](NodeId id) {
      bool waits = is_task(node(id).kind) || opens_branches(node(id).kind);
      return waits || id == loop ? std::vector<NodeId>{} : after(id);
    };
    return reachable({after(loop)[0]}, routing)[loop.index()];
  }

  using Next = std::function<std::vector<NodeId>(NodeId)>;
  Next after_edges() const {
    return [this](NodeId id) { return after(id); };
  }
  /// Which nodes can be reached from `todo`, these included; `stop` is reached, but not left.
  std::vector<bool> reachable(std::vector<NodeId> todo, const Next& next, NodeId stop = no_node) const {
    std::vector<bool> seen(graph_.nodes.size());
    while (!todo.empty()) {
      NodeId id = todo.back();
      todo.pop_back();
      if (seen[id.index()]) continue;
      seen[id.index()] = true;
      if (id == stop) continue;
      for (NodeId to : next(id)) todo.push_back(to);
    }
    return seen;
  }

  void check_ends() {
    auto from_first = reachable({first_node}, after_edges());
    check_first();
    std::vector<NodeId> last;
    for (NodeId id{0}; id < count(); ++id) {
      if (!from_first[id.index()])
        report("unreachable", place(id), "no way leads here from the first step", "connect it or remove it");
      else if (after(id).empty())
        last.push_back(id);
    }
    check_last(last);
    auto to_last = reachable(last, [this](NodeId id) { return before(id); });
    for (NodeId id{0}; id < count() && !last.empty(); ++id)
      if (from_first[id.index()] && !to_last[id.index()])
        report("no-way-to-end", place(id), "no way leads from here to the end", "let it go on to a step that ends");
    check_cycles(to_last);
  }

  void check_first() {
    if (node(first_node).kind != NodeKind::step)
      report("first-step", place(first_node), "the flow begins with a " + std::string(name_of(node(first_node).kind)),
             "let it begin with a step");
    for (NodeId from : before(first_node))
      if (node(from).kind != NodeKind::loop)
        report("first-step", place(first_node), "'" + place(from) + "' goes back to the first step",
               "repeat steps with a loop, or put another step first");
  }

  void check_last(const std::vector<NodeId>& last) {
    std::vector<NodeId> tasks;
    for (NodeId id : last) {
      if (is_task(node(id).kind))
        tasks.push_back(id);
      else
        report("last-step", place(id), "nothing comes after it", "put a step behind it that ends the flow");
    }
    for (std::size_t i = 1; i < tasks.size(); ++i)
      report("last-step", place(tasks[i]), "the flow ends here and at '" + place(tasks[0]) + "'",
             "let all ways end in one step");
    if (last.empty()) report("last-step", "graph", "the flow has no last step", "let it end in a step");
  }

  /// Only a loop's "again" goes back. What never ends and what goes back to the first step has been reported.
  void check_cycles(const std::vector<bool>& ends) {
    enum class Visit { not_yet, on_the_way, done };
    std::vector<Visit> visits(graph_.nodes.size(), Visit::not_yet);
    std::function<void(NodeId)> visit = [&](NodeId id) {
      visits[id.index()] = Visit::on_the_way;
      std::size_t first_forward = node(id).kind == NodeKind::loop ? 1 : 0;
      for (std::size_t i = first_forward; i < after(id).size(); ++i) {
        NodeId to = after(id)[i];
        if (visits[to.index()] == Visit::not_yet)
          visit(to);
        else if (visits[to.index()] == Visit::on_the_way && ends[id.index()] && to != first_node)
          report("cycle", place(id), "it goes back to '" + place(to) + "' without a bound", "go back with a loop");
      }
      visits[id.index()] = Visit::done;
    };
    visit(first_node);
  }

  bool is_matched(NodeId id) const {
    NodeId other = node(id).match;
    if (other == no_node || node(other).match != id) return false;
    return node(id).kind == NodeKind::join ? opens_branches(node(other).kind) : node(other).kind == NodeKind::join;
  }

  void check_matches() {
    for (NodeId id{0}; id < count(); ++id) {
      if (opens_branches(node(id).kind) && !is_matched(id))
        report("unmatched-split", place(id), "its branches are never joined", "put a join behind it");
      if (node(id).kind == NodeKind::join && !is_matched(id))
        report("unmatched-join", place(id), "it joins nothing",
               "put a split or foreach before it, or make it a plain step");
    }
  }

  /// The split or foreach that what comes after a node is in.
  NodeId scope_after(NodeId id) const { return opens_branches(node(id).kind) ? id : node(id).inside; }
  std::string scope_name(NodeId id) const { return id == no_node ? "no split" : "'" + place(id) + "'"; }

  void check_balance() {
    for (NodeId id{0}; id < count(); ++id) check_scope(id);
    for (NodeId from{0}; from < count(); ++from)
      for (NodeId to : after(from)) check_edge(from, to);
  }

  void check_scope(NodeId id) {
    NodeId scope = node(id).inside;
    bool joins = node(id).kind == NodeKind::join && is_matched(id);
    if (joins && scope != node(node(id).match).inside)
      report("unbalanced", place(id),
             "it stands in " + scope_name(scope) + ", but what it joins in " + scope_name(node(node(id).match).inside),
             "join a split where it was opened");
    else if (id == first_node && scope != no_node)
      report("unbalanced", place(id), "the first step stands in " + scope_name(scope), "begin outside of it");
  }

  void check_edge(NodeId from, NodeId to) {
    NodeId scope = scope_after(from);
    if (scope != no_node && !is_matched(scope)) return;
    if (node(to).kind == NodeKind::join) {
      if (is_matched(to) && node(to).match != scope)
        report("unbalanced", place(to),
               "it joins " + scope_name(node(to).match) + ", but '" + place(from) + "' comes from " + scope_name(scope),
               "join the innermost split first");
    } else if (node(to).inside != scope) {
      report(
          "unbalanced", place(to),
          "it stands in " + scope_name(node(to).inside) + ", but '" + place(from) + "' comes from " + scope_name(scope),
          "leave a split by its join only, and enter it at its head only");
    }
  }

  const Graph& graph_;
  std::vector<std::vector<NodeId>> out_, in_;
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> lint(const Graph& graph) { return Lint(graph).run(); }

}  // namespace backlot
