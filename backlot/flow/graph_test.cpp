#include "backlot/flow/graph.h"

#include <gtest/gtest.h>

#include "backlot/flow/test_edges.h"

namespace backlot {
namespace {

/// start, foreach a ( step x, foreach b ( step y ) join j ) join k, loop ( foreach c ( loop ( step z ) ) join m ), end
Graph nested() {
  auto node = [](std::string name, NodeKind kind, int inside, int match = -1) {
    return Node{.name = std::move(name), .kind = kind, .match = NodeId(match), .inside = NodeId(inside)};
  };
  using enum NodeKind;
  Graph g;
  g.nodes = {node("start", step, -1), node("a", foreach, -1, 6), node("x", step, 1),     node("b", foreach, 1, 5),
             node("y", step, 3),      node("j", join, 1, 3),     node("k", join, -1, 1), node("c", foreach, -1, 10),
             node("z", step, 7),      node("inner", loop, 7),    node("m", join, -1, 7), node("outer", loop, -1),
             node("end", step, -1)};
  for (int i = 0; i < 9; ++i) g.edges.push_back({NodeId(i), NodeId(i + 1), ""});
  for (Edge& e : edges_of({{9, 8, "again"}, {9, 10, "done"}, {10, 11}, {11, 7, "again"}, {11, 12, "done"}}))
    g.edges.push_back(std::move(e));
  for (NodeId id : ids_of({9, 11})) g.node(id).at_most = 2;
  return g;
}

TEST(Graph, the_example_is_good) { EXPECT_TRUE(lint(nested()).empty()); }

TEST(Graph, after_keeps_the_order_of_the_cases) {
  EXPECT_EQ(nested().after(NodeId(9)), ids_of({8, 10}));
  EXPECT_EQ(nested().after(NodeId(12)), ids_of({}));
}

TEST(Graph, find_knows_tasks_only) {
  EXPECT_EQ(nested().find("y"), NodeId(4));
  EXPECT_EQ(nested().find("k"), NodeId(6));
  EXPECT_EQ(nested().find("a"), no_node);
  EXPECT_EQ(nested().find(""), no_node);
}

TEST(Graph, foreachs_around_are_outermost_first) {
  EXPECT_EQ(nested().foreachs_around(NodeId(4)), ids_of({1, 3}));
  EXPECT_EQ(nested().foreachs_around(NodeId(5)), ids_of({1}));  // a join stands where its split does
  EXPECT_EQ(nested().foreachs_around(NodeId(6)), ids_of({}));
}

TEST(Graph, repeats_around_mix_foreachs_and_loops) {
  EXPECT_EQ(nested().repeats_around(NodeId(4)), ids_of({1, 3}));
  EXPECT_EQ(nested().repeats_around(NodeId(8)), ids_of({11, 7, 9}));
  EXPECT_EQ(nested().repeats_around(NodeId(10)), ids_of({11}));
  EXPECT_EQ(nested().repeats_around(NodeId(12)), ids_of({}));
}

TEST(Graph, of_loops_with_one_head_the_larger_is_outside) {
  Graph g;
  g.nodes = {{.name = "x"},
             {.name = "inner", .kind = NodeKind::loop, .at_most = 2},
             {.name = "outer", .kind = NodeKind::loop, .at_most = 2}};
  g.edges = edges_of({{0, 1}, {1, 0}, {1, 2}, {2, 0}});
  EXPECT_EQ(g.repeats_around(first_node), ids_of({2, 1}));
}

TEST(Graph, every_kind_has_a_name) {
  EXPECT_EQ(name_of(NodeKind::step), "step");
  EXPECT_EQ(name_of(NodeKind::loop), "loop");
}

}  // namespace
}  // namespace backlot
