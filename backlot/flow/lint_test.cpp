// Every rule has a graph that violates only it: one mistake, one finding.
#include <gtest/gtest.h>

#include <limits>

#include "backlot/flow/graph.h"
#include "backlot/flow/test_edges.h"

namespace backlot {
namespace {

Node step(std::string name, int inside = -1) { return {.name = std::move(name), .inside = NodeId(inside)}; }
Node join(std::string name, int match, int inside = -1) {
  return {.name = std::move(name), .kind = NodeKind::join, .match = NodeId(match), .inside = NodeId(inside)};
}
Node opens(NodeKind kind, std::string name, int match, int inside = -1) {
  return {.name = std::move(name), .kind = kind, .match = NodeId(match), .inside = NodeId(inside)};
}
Node choose() { return {.name = "mode", .kind = NodeKind::choose}; }
Node loop(int at_most) { return {.name = "again", .kind = NodeKind::loop, .at_most = at_most}; }
Graph graph_of(std::vector<Node> nodes, const std::vector<NumberedEdge>& edges) {
  return {std::move(nodes), edges_of(edges)};
}
Graph with(Decorators d) {
  Graph g = graph_of({step("only")}, {});
  g.nodes[0].with = std::move(d);
  return g;
}
constexpr auto foreach = NodeKind::foreach;
constexpr auto split = NodeKind::split;

TEST(Lint, good_graphs_have_no_findings) {
  std::vector<Graph> good = {
      graph_of({step("only")}, {}),
      graph_of({step("a"), opens(foreach, "list", 3), step("b", 1), join("c", 1), step("d")},
               {{0, 1}, {1, 2}, {2, 3}, {3, 4}}),
      // A split in a foreach; the join ends the flow.
      graph_of({step("a"), opens(foreach, "list", 7), step("b", 1), opens(split, "split", 6, 1), step("c", 3),
                step("d", 3), join("e", 3, 1), join("f", 1)},
               {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 6}, {5, 6}, {6, 7}}),
      // A choose that skips ahead, a loop in a loop.
      graph_of({step("a"), choose(), step("b"), step("c"), loop(3), loop(2), step("end")},
               {{0, 1}, {1, 2}, {1, 3}, {2, 3}, {3, 4}, {4, 3}, {4, 5}, {5, 3}, {5, 6}}),
      // The flow begins with a loop's body.
      graph_of({step("a"), loop(3), step("end")}, {{0, 1}, {1, 0}, {1, 2}}),
      with({.retry = {.times = 1000, .delay = Duration(5), .backoff = 2, .jitter = 1}, .resources = {.cpu = 0}}),
  };
  for (std::size_t i = 0; i < good.size(); ++i)
    for (auto& d : lint(good[i]))
      ADD_FAILURE() << "graph " << i << ": " << d.rule << " " << d.place << " " << d.message;
}

struct Case {
  std::string rule, place;
  Graph graph;
};

std::vector<Case> mistakes() {
  return {
      {"no-steps", "graph", {}},
      {"unknown-node", "a", graph_of({step("a"), step("b")}, {{0, 1}, {0, 7}})},
      {"unknown-node", "graph", graph_of({step("a"), step("b")}, {{0, 1}, {-1, 1}})},
      {"unknown-node", "b", graph_of({step("a"), step("b", 9)}, {{0, 1}})},
      {"name", "1st", graph_of({step("1st")}, {})},
      {"name", "", graph_of({step("")}, {})},
      {"name", "a-b", graph_of({step("a-b")}, {})},
      {"name", "graph", graph_of({step("graph")}, {})},
      {"name-clash", "a", graph_of({step("a"), step("a"), step("a")}, {{0, 1}, {1, 2}})},
      {"first-step", "choose mode", graph_of({choose(), step("a"), step("end")}, {{0, 1}, {0, 2}, {1, 2}})},
      {"first-step", "a", graph_of({step("a"), choose(), step("end")}, {{0, 1}, {1, 0}, {1, 2}})},
      {"last-step", "c", graph_of({step("a"), choose(), step("b"), step("c")}, {{0, 1}, {1, 2}, {1, 3}})},
      {"last-step", "choose mode",
       graph_of({step("a"), choose(), step("b")}, {{0, 1}, {1, 2, "x"}, {1, -1, "otherwise"}})},
      {"last-step", "choose mode", graph_of({step("a"), choose()}, {{0, 1}})},
      {"last-step", "graph", graph_of({step("a"), step("b"), step("c")}, {{0, 1}, {1, 2}, {2, 1}})},
      {"unreachable", "lost", graph_of({step("a"), step("end"), step("lost")}, {{0, 1}, {2, 1}})},
      {"fan-out", "a", graph_of({step("a"), step("b"), step("end")}, {{0, 1}, {0, 2}, {1, 2}})},
      {"foreach-body", "foreach list",
       graph_of({step("a"), opens(foreach, "list", 4), step("b", 1), step("c", 1), join("d", 1)},
                {{0, 1}, {1, 2}, {1, 3}, {2, 4}, {3, 4}})},
      {"branch-head", "split",
       graph_of({step("a"), opens(split, "split", 3), step("b", 1), join("d", 1)}, {{0, 1}, {1, 2}, {1, 3}, {2, 3}})},
      {"loop-bound", "loop again", graph_of({step("a"), loop(0), step("end")}, {{0, 1}, {1, 0}, {1, 2}})},
      {"loop-edges", "loop again", graph_of({step("a"), loop(3), step("end")}, {{0, 1}, {1, 2}})},
      {"loop-edges", "loop again",
       graph_of({step("a"), loop(3), step("b"), step("end")}, {{0, 1}, {1, 2}, {1, 3}, {2, 3}})},
      {"idle-loop", "loop again",
       graph_of({step("a"), choose(), step("b"), loop(3), step("end")},
                {{0, 1}, {1, 2}, {1, 3}, {2, 3}, {3, 1}, {3, 4}})},
      // Left from its middle; entered behind its first step.
      {"loop-body", "loop again",
       graph_of({step("a"), choose(), step("b"), loop(3), step("end")},
                {{0, 1}, {1, 2}, {1, 4}, {2, 3}, {3, 0}, {3, 4}})},
      {"loop-body", "loop again",
       graph_of({step("a"), choose(), step("b"), step("c"), loop(3), step("end")},
                {{0, 1}, {1, 2}, {1, 3}, {2, 3}, {3, 4}, {4, 2}, {4, 5}})},
      {"loop-edges", "loop again",
       graph_of({step("a"), loop(3), step("b"), step("end")}, {{0, 2}, {2, 1}, {1, 2}, {1, 3}})},
      {"cycle", "choose mode",
       graph_of({step("a"), step("b"), choose(), step("end")}, {{0, 1}, {1, 2}, {2, 1}, {2, 3}})},
      {"unmatched-split", "foreach list",
       graph_of({step("a"), opens(foreach, "list", -1), step("b", 1)}, {{0, 1}, {1, 2}})},
      {"unmatched-split", "split",
       graph_of({step("a"), opens(split, "split", 0), step("b", 1), step("end")}, {{0, 1}, {1, 2}, {2, 3}})},
      {"unmatched-join", "b", graph_of({step("a"), join("b", -1), step("c")}, {{0, 1}, {1, 2}})},
      {"unmatched-join", "b", graph_of({step("a"), join("b", 0), step("c")}, {{0, 1}, {1, 2}})},
      // One branch of the inner split goes to the outer join.
      {"unbalanced", "g",
       graph_of({step("a"), opens(split, "split", 7), step("b", 1), opens(split, "split", 6, 1), step("d", 3),
                 step("e", 3), join("f", 3, 1), join("g", 1), step("c", 1)},
                {{0, 1}, {1, 2}, {1, 8}, {2, 3}, {3, 4}, {3, 5}, {4, 6}, {5, 7}, {6, 7}, {8, 7}})},
      // A branch is left without its join.
      {"unbalanced", "end",
       graph_of({step("a"), opens(split, "split", 4), step("b", 1), step("c", 1), join("d", 1), step("end")},
                {{0, 1}, {1, 2}, {1, 3}, {2, 4}, {3, 5}, {4, 5}})},
      // The join says it stands in what it closes.
      {"unbalanced", "c",
       graph_of({step("a"), opens(foreach, "list", 3), step("b", 1), join("c", 1, 1)}, {{0, 1}, {1, 2}, {2, 3}})},
      {"retry", "only", with({.retry = {.times = -1}})},
      {"retry", "only", with({.retry = {.times = 1001}})},
      {"retry", "only", with({.retry = {.times = 1, .delay = Duration(-1)}})},
      {"retry", "only", with({.retry = {.times = 1, .backoff = 0.5}})},
      {"retry", "only", with({.retry = {.times = 1, .backoff = std::numeric_limits<double>::quiet_NaN()}})},
      {"retry", "only", with({.retry = {.times = 1, .jitter = 1.5}})},
      {"retry", "only", with({.retry = Retry{.times = 1}.on({FailureKind::cancelled})})},
      {"timeout", "only", with({.timeout = Duration(-1)})},
      {"timeout", "only", with({.timeout = std::chrono::hours(24 * 367)})},
      {"priority", "only", with({.priority = 1001})},
      {"resources", "only", with({.resources = {.cpu = -1}})},
      {"resources", "only", with({.resources = {.gpu = -1}})},
      {"catch-into", "only", with({.catch_into = "no artifact"})},
      {"environment", "only", with({.environment = {{"A=B", "1"}}})},
  };
}

TEST(Lint, one_mistake_is_one_finding) {
  for (auto& [rule, place, graph] : mistakes()) {
    auto found = lint(graph);
    SCOPED_TRACE(rule + " at " + place);
    ASSERT_EQ(found.size(), 1u) << [&] {
      std::string all;
      for (auto& d : found) all += d.rule + " " + d.place + ": " + d.message + "\n";
      return all;
    }();
    EXPECT_EQ(found[0].rule, rule);
    EXPECT_EQ(found[0].place, place);
    EXPECT_FALSE(found[0].message.empty());
    EXPECT_FALSE(found[0].fix.empty());
  }
}

TEST(Lint, a_place_without_a_way_to_the_end) {
  auto found = lint(
      graph_of({step("a"), choose(), step("b"), step("c"), step("end")}, {{0, 1}, {1, 2}, {1, 4}, {2, 3}, {3, 2}}));
  ASSERT_EQ(found.size(), 2u);  // b and c go round for ever
  EXPECT_EQ(found[0].rule, "no-way-to-end");
  EXPECT_EQ(found[0].place, "b");
  EXPECT_EQ(found[1].place, "c");
}

TEST(Lint, finds_all_mistakes_at_once) {
  Graph g = graph_of({step("a"), step("b"), step("a")}, {{0, 1}});
  g.nodes[1].with.priority = 9999;
  std::vector<std::string> rules;
  for (auto& d : lint(g)) rules.push_back(d.rule);
  EXPECT_EQ(rules, (std::vector<std::string>{"priority", "name-clash", "unreachable"}));
}

TEST(Lint, survives_any_ids) {
  // Matches and scopes that point anywhere within the graph must not lead lint astray.
  std::uint64_t random = 1;
  auto next = [&](int n) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>((random >> 33) % static_cast<unsigned>(n));
  };
  for (int round = 0; round < 5000; ++round) {
    int n = 1 + next(6);
    Graph g;
    for (int i = 0; i < n; ++i)
      g.nodes.push_back({.name = std::string(1, static_cast<char>('a' + i)),
                         .kind = static_cast<NodeKind>(next(6)),

                         .match = NodeId(next(n + 1) - 1),
                         .inside = NodeId(next(n + 1) - 1),
                         .at_most = next(3)});
    for (int i = next(2 * n + 1); i > 0; --i) g.edges.push_back({NodeId(next(n)), NodeId(next(n)), ""});
    lint(g);
    for (int id = 0; id < n; ++id) { EXPECT_LE(g.foreachs_around(NodeId(id)).size(), static_cast<std::size_t>(n)); }
  }
}

}  // namespace
}  // namespace backlot
