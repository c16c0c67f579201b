#include "backlot/flow/graph.h"

#include <gtest/gtest.h>

namespace backlot {
namespace {

/// start, foreach a ( step x, foreach b ( step y ) join j ) join k, loop ( foreach c ( loop ( step z ) ) join m ), end
Graph nested() {
  auto node = [](std::string name, NodeKind kind, NodeId inside, NodeId match = no_node) {
    return Node{.name = std::move(name), .kind = kind, .match = match, .inside = inside};
  };
  using enum NodeKind;
  Graph g;
  g.nodes = {node("start", step, -1), node("a", foreach, -1, 6), node("x", step, 1),     node("b", foreach, 1, 5),
             node("y", step, 3),      node("j", join, 1, 3),     node("k", join, -1, 1), node("c", foreach, -1, 10),
             node("z", step, 7),      node("inner", loop, 7),    node("m", join, -1, 7), node("outer", loop, -1),
             node("end", step, -1)};
  for (NodeId i = 0; i < 9; ++i) g.edges.push_back({i, i + 1, ""});
  g.edges.insert(g.edges.end(), {{9, 8, "again"}, {9, 10, "done"}, {10, 11, ""}, {11, 7, "again"}, {11, 12, "done"}});
  for (NodeId id : {9, 11}) g.nodes[static_cast<std::size_t>(id)].at_most = 2;
  return g;
}

TEST(Graph, the_example_is_good) { EXPECT_TRUE(lint(nested()).empty()); }

TEST(Graph, after_keeps_the_order_of_the_cases) {
  EXPECT_EQ(nested().after(9), (std::vector<NodeId>{8, 10}));
  EXPECT_EQ(nested().after(12), std::vector<NodeId>{});
}

TEST(Graph, find_knows_tasks_only) {
  EXPECT_EQ(nested().find("y"), 4);
  EXPECT_EQ(nested().find("k"), 6);
  EXPECT_EQ(nested().find("a"), no_node);
  EXPECT_EQ(nested().find(""), no_node);
}

TEST(Graph, foreachs_around_are_outermost_first) {
  EXPECT_EQ(nested().foreachs_around(4), (std::vector<NodeId>{1, 3}));
  EXPECT_EQ(nested().foreachs_around(5), std::vector<NodeId>{1});  // a join stands where its split does
  EXPECT_EQ(nested().foreachs_around(6), std::vector<NodeId>{});
}

TEST(Graph, repeats_around_mix_foreachs_and_loops) {
  EXPECT_EQ(nested().repeats_around(4), (std::vector<NodeId>{1, 3}));
  EXPECT_EQ(nested().repeats_around(8), (std::vector<NodeId>{11, 7, 9}));
  EXPECT_EQ(nested().repeats_around(10), std::vector<NodeId>{11});
  EXPECT_EQ(nested().repeats_around(12), std::vector<NodeId>{});
}

TEST(Graph, of_loops_with_one_head_the_larger_is_outside) {
  Graph g;
  g.nodes = {{.name = "x"},
             {.name = "inner", .kind = NodeKind::loop, .at_most = 2},
             {.name = "outer", .kind = NodeKind::loop, .at_most = 2}};
  g.edges = {{0, 1, ""}, {1, 0, ""}, {1, 2, ""}, {2, 0, ""}};
  EXPECT_EQ(g.repeats_around(0), (std::vector<NodeId>{2, 1}));
}

TEST(Graph, every_kind_has_a_name) {
  EXPECT_EQ(name_of(NodeKind::step), "step");
  EXPECT_EQ(name_of(NodeKind::loop), "loop");
}

}  // namespace
}  // namespace backlot
