#include "backlot/engine/plan.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "backlot/engine/graph_builder.h"

namespace backlot {
namespace {

NamedReference text(const std::string& name, const std::string& value) {
  return {name, Reference::inlined(TypeTag::text, value)};
}

/// Runs a plan to its end; `act` says what each task leaves. Returns "step[path]" in the order taken.
std::vector<std::string> tour(Plan& plan, const Graph& graph, const std::function<Manifest(const Token&)>& act) {
  std::vector<std::string> visited;
  while (plan.has_ready()) {
    Token token = plan.take(plan.ready().front());
    visited.push_back(graph.node(token.node).name + token.path.text());
    Manifest manifest = act(token);
    plan.finished(std::move(token), static_cast<std::int64_t>(visited.size()), manifest, true);
  }
  EXPECT_TRUE(plan.complete());
  return visited;
}

Manifest fan_out_of(std::uint64_t count) {
  Manifest m;
  m.next.fan_out = Transition::FanOut{count, {}};
  return m;
}

TEST(Plan, foreach_visits_each_item_once_and_joins_when_all_have_arrived) {
  Graph graph = foreach_graph();
  Plan plan(graph, {});
  auto visited = tour(plan, graph, [](const Token& b) { return b.node == NodeId(0) ? fan_out_of(3) : Manifest{}; });
  EXPECT_EQ(visited, (std::vector<std::string>{"start[]", "body[0]", "body[1]", "body[2]", "join[]", "end[]"}));
}

TEST(Plan, an_empty_foreach_goes_straight_to_its_join) {
  Graph graph = foreach_graph();
  Plan plan(graph, {});
  auto visited = tour(plan, graph, [](const Token& b) { return b.node == NodeId(0) ? fan_out_of(0) : Manifest{}; });
  EXPECT_EQ(visited, (std::vector<std::string>{"start[]", "join[]", "end[]"}));
}

// What comes from a catalog may be damaged: that ends the run, not the process.
TEST(Plan, refuses_manifests_that_cannot_be) {
  Graph graph = foreach_graph();
  Manifest failed = fan_out_of(1), undecided = fan_out_of(1);
  failed.failure = Failure{};
  undecided.next.decisions = {"body"};
  Manifest other_list = fan_out_of(1);
  other_list.next.fan_out->field = "others";
  for (const Manifest& manifest : {failed, undecided, other_list, Manifest{}}) {
    Plan plan(graph, {});
    try {
      plan.finished(plan.take(NodeId(0)), 1, manifest, true);
      ADD_FAILURE() << "it was taken";
    } catch (const Error& e) { EXPECT_EQ(e.code(), ErrorCode::corrupt) << e.what(); }
  }
}

TEST(Plan, a_waiting_foreach_is_a_range) {
  Graph graph = foreach_graph();
  Plan plan(graph, {});
  plan.finished(plan.take(NodeId(0)), 1, fan_out_of(1'000'000'000'000), true);
  EXPECT_EQ(plan.ready_count(NodeId(2)), 1'000'000'000'000u);
  EXPECT_EQ(plan.take(NodeId(2)).index, 0u);
  EXPECT_EQ(plan.take(NodeId(2)).index, 1u);
}

TEST(Plan, says_which_item_comes_next_also_of_those_put_back) {
  Graph graph = foreach_graph();
  Plan plan(graph, {});
  EXPECT_EQ(plan.next_item(NodeId(0)).fan_out, nullptr) << "no item";
  plan.finished(plan.take(NodeId(0)), 1, fan_out_of(5), true);
  std::vector<Token> taken;
  for (std::uint64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(plan.next_item(NodeId(2)).index, i);
    taken.push_back(plan.take(NodeId(2)));
  }
  const OpenFanOut* fan_out = taken[0].fan_out.get();
  for (std::uint64_t i : {1u, 2u, 4u}) plan.put_back(taken[i]);
  for (std::uint64_t i : {1u, 2u, 4u}) {
    EXPECT_EQ(plan.next_item(NodeId(2)).fan_out, fan_out);
    EXPECT_EQ(plan.next_item(NodeId(2)).index, i);
    plan.take(NodeId(2));
  }
}

// start -> foreach a ( list -> foreach b ( work ) join inner ) join outer
Graph nested() {
  GraphBuilder g;
  NodeId start = g.add("start", NodeKind::step), a = g.add("a", NodeKind::foreach);
  NodeId list = g.add("list", NodeKind::step, a), b = g.add("b", NodeKind::foreach, a);
  NodeId work = g.add("work", NodeKind::step, b), inner = g.add("inner", NodeKind::join, a);
  NodeId outer = g.add("outer", NodeKind::join);
  g.edge(start, a);
  g.edge(a, list);
  g.edge(list, b);
  g.edge(b, work);
  g.edge(work, inner);
  g.edge(inner, outer);
  g.match(a, outer);
  g.match(b, inner);
  return g.graph;
}

TEST(Plan, nested_foreach_finishes_what_it_began_before_it_begins_more) {
  Graph graph = nested();
  Plan plan(graph, {});
  auto visited = tour(plan, graph, [](const Token& b) {
    return b.node == NodeId(0) ? fan_out_of(2) : b.node == NodeId(2) ? fan_out_of(b.index + 1) : Manifest{};
  });
  EXPECT_EQ(visited, (std::vector<std::string>{"start[]", "list[0]", "work[0.0]", "inner[0]", "list[1]", "work[1.0]",
                                               "work[1.1]", "inner[1]", "outer[]"}));
}

TEST(Plan, each_task_knows_what_led_to_it_and_a_join_how_many) {
  Graph graph = nested();
  Plan plan(graph, {});
  std::vector<std::int64_t> parents;
  std::int64_t number = 0;
  while (plan.has_ready()) {
    Token token = plan.take(plan.ready().front());
    parents.push_back(token.parents);
    const std::string& step = graph.node(token.node).name;
    plan.finished(std::move(token), ++number, step == "start" || step == "list" ? fan_out_of(2) : Manifest{}, true);
  }
  // start, list[0], work[0.0], work[0.1], inner[0], list[1], work[1.0], work[1.1], inner[1], outer
  EXPECT_EQ(parents, (std::vector<std::int64_t>{0, 1, 2, 2, 2, 1, 6, 6, 2, 2}));
}

TEST(Plan, a_loop_counts_its_passes_also_inside_a_foreach) {
  GraphBuilder g;
  NodeId start = g.add("start", NodeKind::step), fan_out = g.add("items", NodeKind::foreach);
  NodeId tune = g.add("tune", NodeKind::step, fan_out), loop = g.add("again", NodeKind::loop, fan_out);
  NodeId join = g.add("join", NodeKind::join);
  g.graph.node(loop).at_most = 3;
  g.edge(start, fan_out);
  g.edge(fan_out, tune);
  g.edge(tune, loop);
  g.edge(loop, tune, "again");
  g.edge(loop, join, "done");
  g.match(fan_out, join);
  Plan plan(g.graph, {});
  auto visited = tour(plan, g.graph, [&](const Token& b) {
    if (b.node == start) return fan_out_of(2);
    Manifest m;
    if (b.node == tune) m.next.decisions = {b.path.parts.back().value < 1 ? "tune" : "join"};
    return m;
  });
  std::set<std::string> all(visited.begin(), visited.end());
  EXPECT_EQ(all, (std::set<std::string>{"start[]", "tune[0@0]", "tune[0@1]", "tune[1@0]", "tune[1@1]", "join[]"}));
}

TEST(Plan, a_loop_beyond_its_bound_is_refused) {
  GraphBuilder g;
  NodeId body = g.add("body", NodeKind::step), loop = g.add("again", NodeKind::loop),
         end = g.add("end", NodeKind::step);
  g.graph.node(loop).at_most = 1;
  g.edge(body, loop);
  g.edge(loop, body, "again");
  g.edge(loop, end, "done");
  Plan plan(g.graph, {});
  Manifest again;
  again.next.decisions = {"body"};
  EXPECT_THROW(plan.finished(plan.take(body), 1, again, true), Error);
}

TEST(Plan, choose_goes_where_the_task_said_and_nowhere_else) {
  GraphBuilder g;
  NodeId start = g.add("start", NodeKind::step), choose = g.add("mode", NodeKind::choose);
  NodeId left = g.add("left", NodeKind::step), right = g.add("right", NodeKind::step),
         end = g.add("end", NodeKind::step);
  g.edge(start, choose);
  g.edge(choose, left);
  g.edge(choose, right);
  g.edge(left, end);
  g.edge(right, end);
  for (std::uint32_t taken : {0u, 1u}) {
    for (int version : {1, 2}) {
      Plan plan(g.graph, {});
      auto visited = tour(plan, g.graph, [&](const Token& b) {
        Manifest m;
        if (b.node == start && version == 1) m.next.ordinals = {taken};
        if (b.node == start && version == 2) m.next.decisions = {taken == 0 ? "left" : "right"};
        return m;
      });
      EXPECT_EQ(visited, (std::vector<std::string>{"start[]", taken == 0 ? "left[]" : "right[]", "end[]"}));
    }
  }
  Plan plan(g.graph, {});
  Manifest no_case, no_step;
  no_case.next.ordinals = {2};
  no_step.next.decisions = {"end"};
  for (const Manifest& wrong : {no_case, no_step}) {
    Token begin = plan.take(start);
    EXPECT_THROW(plan.finished(begin, 1, wrong, true), Error);
    plan.put_back(begin);
  }
}

TEST(Plan, a_branch_sees_what_came_before_it_and_a_join_only_parameters) {
  Graph graph = foreach_graph();
  Plan plan(graph, {text("p", "1")});
  Manifest first = fan_out_of(1);
  first.artifacts = {text("x", "old")};
  plan.finished(plan.take(NodeId(0)), 1, first, true);
  Token body = plan.take(NodeId(2));
  EXPECT_EQ(Scope::seen(body.scope), (std::vector{text("p", "1"), text("x", "old")}));
  Manifest second;
  second.artifacts = {text("x", "new")};
  auto advance = plan.finished(std::move(body), 1, second, true);
  ASSERT_TRUE(advance.arrived);
  bool replaces = true;
  EXPECT_EQ(Scope::seen(advance.token.scope, advance.token.fan_out->scope, &replaces), (std::vector{text("x", "new")}));
  EXPECT_FALSE(replaces);
  EXPECT_EQ(Scope::seen(plan.take(NodeId(3)).scope), (std::vector{text("p", "1")}));
}

TEST(Plan, what_was_joined_inside_a_branch_replaces_its_scope) {
  Graph graph = nested();
  Plan plan(graph, {text("p", "1")});
  bool replaced = false;
  while (plan.has_ready()) {
    Token b = plan.take(plan.ready().front());
    NodeId node = b.node;
    Manifest m = node == NodeId(0) || node == NodeId(2) ? fan_out_of(1) : Manifest{};
    m.artifacts = {text("at" + std::to_string(node.value()), "")};
    auto advance = plan.finished(std::move(b), 1, m, true);
    if (node != NodeId(5)) continue;
    auto seen = Scope::seen(advance.token.scope, advance.token.fan_out->scope, &replaced);
    EXPECT_EQ(seen, (std::vector{text("at5", ""), text("p", "1")}));
  }
  EXPECT_TRUE(replaced);
}

TEST(Plan, freshness_spreads_to_what_depends_on_it) {
  Graph graph = foreach_graph();
  Plan plan(graph, {});
  plan.finished(plan.take(NodeId(0)), 1, fan_out_of(2), false);
  Token a = plan.take(NodeId(2)), b = plan.take(NodeId(2));
  EXPECT_FALSE(a.fresh);
  plan.finished(std::move(a), 1, {}, false);
  plan.finished(std::move(b), 1, {}, true);
  EXPECT_TRUE(plan.take(NodeId(3)).fresh);
}

TEST(Plan, an_item_that_passes_through_a_loop_again_is_no_item_any_more) {
  GraphBuilder g;
  NodeId start = g.add("start", NodeKind::step), fan_out = g.add("items", NodeKind::foreach);
  NodeId body = g.add("body", NodeKind::step, fan_out), loop = g.add("more", NodeKind::loop, fan_out),
         join = g.add("join", NodeKind::join);
  g.graph.node(loop).at_most = 5;
  g.edge(start, fan_out);
  g.edge(fan_out, body);
  g.edge(body, loop);
  g.edge(loop, body);
  g.edge(loop, join);
  g.match(fan_out, join);
  Plan plan(g.graph, {});
  plan.finished(plan.take(start), 1, fan_out_of(2), true);
  Token first = plan.take(body), second = plan.take(body);
  Manifest again;
  again.next.decisions = {"body"};
  plan.finished(std::move(first), 2, again, true);  // it leaves nothing: its scope is that of the list
  EXPECT_EQ(plan.next_item(body).fan_out, nullptr);
  plan.put_back(std::move(second));
  EXPECT_EQ(plan.next_item(body).fan_out, nullptr) << "the one that came back goes first";
  plan.take(body);
  EXPECT_EQ(plan.next_item(body).index, 1u);
}

TEST(Plan, larger_priority_goes_first) {
  GraphBuilder g;
  NodeId start = g.add("start", NodeKind::step), split = g.add("split", NodeKind::split);
  NodeId a = g.add("a", NodeKind::step, split), b = g.add("b", NodeKind::step, split),
         join = g.add("join", NodeKind::join);
  g.edge(start, split);
  g.edge(split, a);
  g.edge(split, b);
  g.edge(a, join);
  g.edge(b, join);
  g.match(split, join);
  g.with(a).priority = 5;
  Plan plan(g.graph, {});
  plan.finished(plan.take(start), 1, {}, true);
  EXPECT_EQ(plan.ready(), (std::vector<NodeId>{a, b}));
}

TEST(Scope, stays_short_in_a_long_loop) {
  ScopePtr scope = Scope::extend({}, {text("p", "1")}, {});
  for (int i = 0; i < 1000; ++i) scope = Scope::extend(scope, {text("x", std::to_string(i))}, {});
  EXPECT_EQ(Scope::seen(scope), (std::vector{text("p", "1"), text("x", "999")}));
  EXPECT_LE(Scope::layers(scope), 18);
}

}  // namespace
}  // namespace backlot
