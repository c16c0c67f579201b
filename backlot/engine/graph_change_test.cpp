#include "backlot/engine/graph_change.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "backlot/engine/graph_builder.h"
#include "backlot/flow/decisions.h"

namespace backlot {
namespace {

using Names = std::vector<std::string>;

/// start -> choose mode (left | right) -> work -> loop again -> end
struct Routed : GraphBuilder {
  NodeId start = add("start", NodeKind::step), mode = add("mode", NodeKind::choose), left = add("left", NodeKind::step),
         right = add("right", NodeKind::step), work = add("work", NodeKind::step), again = add("again", NodeKind::loop),
         end = add("end", NodeKind::step);
  Routed() {
    edge(start, mode);
    edge(mode, left, "left");
    edge(mode, right, "otherwise");
    edge(left, work);
    edge(right, work);
    edge(work, again);
    edge(again, work, "again");
    edge(again, end, "done");
    at(again).at_most = 3;
  }
  Node& at(NodeId node) { return graph.node(node); }
  Edge& edge_at(NodeId from, int nth) {
    auto is_it = [&](const Edge& e) { return e.from == from && nth-- == 0; };
    return *std::find_if(graph.edges.begin(), graph.edges.end(), is_it);
  }
};

/// The steps that have to run again.
Names again(const Graph& before, const Graph& now) {
  Names names;
  std::vector<bool> all = run_again(now, changed_ways(before, now));
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] && is_task(now.nodes[i].kind)) names.push_back(now.nodes[i].name);
  return names;
}

TEST(GraphChange, the_same_graph_has_none) { EXPECT_EQ(again(Routed().graph, Routed().graph), Names()); }

TEST(GraphChange, nodes_in_another_order_are_the_same_graph) {
  Graph before = foreach_graph(), now;
  GraphBuilder g;  // end and join are written first
  NodeId start = g.add("start", NodeKind::step), end = g.add("end", NodeKind::step),
         join = g.add("join", NodeKind::join);
  NodeId fan_out = g.add("items", NodeKind::foreach), body = g.add("body", NodeKind::step, fan_out);
  g.edge(join, end);
  g.edge(body, join);
  g.edge(fan_out, body);
  g.edge(start, fan_out);
  g.match(fan_out, join);
  EXPECT_EQ(again(before, g.graph), Names());
}

TEST(GraphChange, cases_are_told_by_their_order_labels_and_targets) {
  Names all{"start", "left", "right", "work", "end"};
  Routed reordered, renamed, retargeted, asked;
  std::swap(reordered.edge_at(reordered.mode, 0).to, reordered.edge_at(reordered.mode, 1).to);
  std::swap(reordered.edge_at(reordered.mode, 0).label, reordered.edge_at(reordered.mode, 1).label);
  EXPECT_EQ(again(Routed().graph, reordered.graph), all);
  renamed.edge_at(renamed.mode, 0).label = "port";
  EXPECT_EQ(again(Routed().graph, renamed.graph), all);
  retargeted.edge_at(retargeted.mode, 0).to = retargeted.work;
  EXPECT_EQ(again(Routed().graph, retargeted.graph), (Names{"start", "right", "work", "end"}));
  asked.at(asked.mode).name = "direction";
  EXPECT_EQ(again(Routed().graph, asked.graph), all);
}

TEST(GraphChange, a_bound_is_part_of_a_loop) {
  Routed lower;
  lower.at(lower.again).at_most = 2;
  EXPECT_EQ(again(Routed().graph, lower.graph), (Names{"work", "end"}));
}

TEST(GraphChange, a_step_before_a_new_step_is_kept) {
  Routed more;
  NodeId extra = more.add("extra", NodeKind::step);
  more.edge_at(more.left, 0).to = extra;
  more.edge(extra, more.work);
  EXPECT_EQ(again(Routed().graph, more.graph), (Names{"work", "end", "extra"}));
}

TEST(GraphChange, another_beginning_runs_everything_again) {
  Routed begun;
  begun.at(begun.start).name = "begin";
  EXPECT_EQ(again(Routed().graph, begun.graph), (Names{"begin", "left", "right", "work", "end"}));
}

TEST(GraphChange, a_foreach_is_told_by_its_list_and_a_step_from_a_join) {
  Graph other = foreach_graph(), joined = foreach_graph();
  other.nodes[1].name = "others";
  EXPECT_EQ(again(foreach_graph(), other), (Names{"start", "body", "join", "end"}));
  joined.nodes[3].name = "gather";
  EXPECT_EQ(again(foreach_graph(), joined), (Names{"start", "body", "gather", "end"}));
}

TEST(Decisions, ways_are_called_by_what_they_lead_to) {
  Routed g;
  EXPECT_EQ(name_of_way(g.graph, g.left), "left");
  EXPECT_EQ(name_of_way(g.graph, g.mode), "choose mode(left|right)");
  EXPECT_EQ(name_of_way(g.graph, g.again), "loop again(work|end)");
  EXPECT_EQ(name_of_decision(g.graph, g.again, 1), "work");
  EXPECT_EQ(name_of_decision(g.graph, g.again, 0), "end");
  EXPECT_EQ(name_of_way(foreach_graph(), NodeId(1)), "foreach items(body)");
}

TEST(Decisions, ordinals_of_version_1_are_named_by_the_graph_of_their_run) {
  Routed g;
  Transition next;
  next.ordinals = {1};
  EXPECT_EQ(in_names(g.graph, g.start, {}, next).decisions, Names{"right"});
  next.ordinals = {2};
  EXPECT_THROW(in_names(g.graph, g.start, {}, next), Error);
  next.ordinals = {1, 0};
  EXPECT_THROW(in_names(g.graph, g.start, {}, next), Error);
  Transition list;
  list.fan_out = Transition::FanOut{3, {}};
  EXPECT_EQ(in_names(foreach_graph(), first_node, {}, list).fan_out->field, "items");
}

}  // namespace
}  // namespace backlot
