// Every form of the graph: what it becomes as data, and its steps called without an engine.
#include <gtest/gtest.h>

#include "backlot/sdk/test_flows.h"

namespace backlot::test {
namespace {

/// One line a node: "1 foreach genres ~3 -> 2" (~ what it matches, ^ what it is in).
std::string text_of(const Graph& g) {
  std::string text;
  for (std::size_t i = 0; i < g.nodes.size(); ++i) {
    const Node& n = g.nodes[i];
    text += std::to_string(i) + " " + std::string(name_of(n.kind)) + " " + n.name;
    if (n.match != no_node) text += " ~" + std::to_string(n.match.value());
    if (n.inside != no_node) text += " ^" + std::to_string(n.inside.value());
    if (n.at_most) text += " at most " + std::to_string(n.at_most);
    text += " ->";
    for (auto& e : g.edges)
      if (e.from == NodeId(i)) text += " " + (e.label.empty() ? "" : e.label + ":") + std::to_string(e.to.value());
    text += "\n";
  }
  return text;
}

template <class F>
std::string text_of() {
  return text_of(flow_code<F>()->graph());
}

TEST(Forms, foreach_with_join) {
  EXPECT_EQ(text_of<MovieStats>(),
            "0 step start -> 1\n"
            "1 foreach genres ~3 -> 2\n"
            "2 step compute ^1 -> 3\n"
            "3 join collect ~1 -> 4\n"
            "4 step end ->\n");
}

TEST(Forms, a_derived_flow_reuses_the_graph) {
  EXPECT_EQ(text_of<Doubled>(), text_of<MovieStats>());
  auto graph = flow_code<Audited>()->graph();
  EXPECT_EQ(graph.after(graph.find("end")), std::vector<NodeId>{graph.find("audit")});
}

TEST(Forms, split_with_join) {
  EXPECT_EQ(text_of<Pricing>(),
            "0 step start -> 1\n"
            "1 split split ~4 -> fast:2 exact:3\n"
            "2 step fast ^1 -> 4\n"
            "3 step exact ^1 -> 4\n"
            "4 join agree ~1 -> 5\n"
            "5 step end ->\n");
}

TEST(Forms, choose_keeps_its_cases_in_order_even_when_some_are_empty) {
  EXPECT_EQ(text_of<Routing>(),
            "0 step start -> 1\n"
            "1 choose size -> small:3 large:2 otherwise:3\n"
            "2 step sample -> 3\n"
            "3 choose mode -> full:4 otherwise:6\n"
            "4 step tune -> 5\n"
            "5 step train -> 7\n"
            "6 step skip -> 7\n"
            "7 step end ->\n");
}

TEST(Forms, loop_in_loop) {
  EXPECT_EQ(text_of<Training>(),
            "0 step start -> 1\n"
            "1 step train -> 2\n"
            "2 loop again at most 10 -> again:1 done:3\n"
            "3 step sum_up -> 4\n"
            "4 loop more at most 2 -> again:1 done:5\n"
            "5 step end ->\n");
}

TEST(Forms, foreach_in_foreach) {
  EXPECT_EQ(text_of<Weather>(),
            "0 step start -> 1\n"
            "1 foreach countries ~6 -> 2\n"
            "2 step list ^1 -> 3\n"
            "3 foreach cities ~5 ^1 -> 4\n"
            "4 step fetch ^3 -> 5\n"
            "5 join of_country ~3 ^1 -> 6\n"
            "6 join of_world ~1 ->\n");
}

TEST(Forms, all_flows_are_good) {
  for (auto& code : flow_codes<MovieStats, Doubled, Audited, Pricing, Routing, Training, Weather, Careful>())
    for (auto& d : code->check())
      ADD_FAILURE() << code->name() << ": " << d.rule << " " << d.place << ": " << d.message;
}

TEST(Forms, flows_are_named_as_their_types) {
  auto codes = flow_codes<MovieStats, Weather>();
  EXPECT_EQ(codes[0]->name(), "MovieStats");
  EXPECT_EQ(codes[1]->name(), "Weather");
}

TEST(Forms, decorators_arrive_as_data) {
  Graph g = flow_code<Careful>()->graph();
  const Decorators& start = g.nodes[0].with;
  EXPECT_EQ(start, (Decorators{.cache = true, .cache_version = "2", .pure = true, .priority = 7, .pool = "gpu"}));
  const Decorators& risky = g.node(g.find("risky")).with;
  Decorators expected{.retry = {.times = 2, .delay = 1s, .backoff = 2, .jitter = 0.5, .kinds = 1},
                      .timeout = 5min,
                      .resources = {.cpu = 4, .memory = std::uint64_t{8} << 30},
                      .catch_into = "error",
                      .environment = {{"OMP_NUM_THREADS", "1"}, {"MODE", "safe"}}};
  EXPECT_EQ(risky, expected);
  EXPECT_EQ(g.node(g.find("count")).with.timeout, Duration(1min));
  EXPECT_EQ(g.node(g.find("end")).with, Decorators{.cache = true});
}

TEST(Forms, sizes_have_units) {
  static_assert(1_KiB == 1024 && 1_MiB == 1024 * 1_KiB && 1_GiB == 1024 * 1_MiB);
  SUCCEED();
}

// --- without an engine -----------------------------------------------------------------------------------------------

TEST(WithoutEngine, a_step_and_a_foreach_join) {
  MovieStats drama, comedy, joined;
  drama.movies = {{"Drama", 7}};
  drama.compute("Drama");
  EXPECT_EQ(*drama.total, 7);
  comedy.total = 2;
  joined.collect({{"Drama", drama}, {"Comedy", comedy}});
  EXPECT_EQ(joined.totals->at("Comedy"), 2);
  EXPECT_EQ(joined.movies->size(), 1u);
  EXPECT_FALSE(joined.total.has());
}

TEST(WithoutEngine, a_split_join_takes_plain_flows) {
  Pricing fast, exact, joined;
  fast.price = 1;
  exact.price = 3;
  joined.agree(exact, fast);
  EXPECT_EQ(*joined.gap, 2);
  EXPECT_FALSE(joined.price.has());
}

TEST(WithoutEngine, a_step_with_two_items_and_an_inner_join) {
  Weather x, joined;
  x.fetch("NL", 1);
  joined.of_country("NL", {{1, x}, {2, x}});
  EXPECT_EQ(*joined.report, "NL: 1NL1 2NL1");
}

TEST(WithoutEngine, inputs_are_a_range) {
  Weather x;
  x.report = "r";
  Inputs<Weather, int> in{{1, x}, {2, x}, {3, x}};
  EXPECT_EQ(in.size(), 3u);
  EXPECT_EQ(in[2].item, 3);
  EXPECT_EQ(*in[0]->report, "r");
  EXPECT_TRUE((Inputs<Weather, int>{}).empty());
  int sum = 0;
  for (auto& branch : in) sum += branch.item;
  EXPECT_EQ(sum, 6);
}

TEST(WithoutEngine, merging_takes_equal_values_and_names_what_differs) {
  Audited a, b, c, joined;
  a.source = "x";
  b.source = "x";
  merge_artifacts(joined, a, b, c);  // c has none: it agrees
  EXPECT_EQ(*joined.source, "x");
  c.source = "y";
  Audited other;
  try {
    merge_artifacts(other, Inputs<Audited>{{a}, {b}, {c}});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::conflict);
    EXPECT_EQ(e.message(), "branches 0 and 2 differ in artifact 'source'");
    EXPECT_NE(e.hint().find("except<&Flow::source>()"), std::string::npos);
  }
  Audited excepted, set_before;
  merge_artifacts(excepted, a, c, except<&Audited::source>());
  EXPECT_FALSE(excepted.source.has());
  set_before.source = "z";
  merge_artifacts(set_before, a, c);
  EXPECT_EQ(*set_before.source, "z");
}

TEST(WithoutEngine, current_needs_no_task_to_log) {
  current().log("a line");
  current().progress(0.5, "half");
  current().metadata("key", "value");
  try {
    current().run();
    FAIL();
  } catch (const Error& e) { EXPECT_EQ(e.code(), ErrorCode::unset); }
}

// --- artifacts -------------------------------------------------------------------------------------------------------

TEST(Artifact, reading_an_unset_one_throws) {
  MovieStats f;
  EXPECT_FALSE(f.total.has());
  try {
    (void)*f.total;
    FAIL();
  } catch (const Error& e) { EXPECT_EQ(e.code(), ErrorCode::unset); }
}

TEST(Artifact, copies_share_until_one_writes) {
  MovieStats a;
  a.genres = {"x"};
  MovieStats b = a;
  EXPECT_EQ(&*a.genres, &*b.genres);
  b.genres.edit().push_back("y");
  EXPECT_EQ(a.genres->size(), 1u);
  EXPECT_EQ(b.genres->size(), 2u);
}

TEST(Artifact, edit_changes_in_place_when_nobody_shares) {
  MovieStats a;
  a.genres.edit().push_back("x");
  const auto* before = &*a.genres;
  a.genres.edit().push_back("y");
  EXPECT_EQ(&*a.genres, before);
  EXPECT_EQ(a.genres->size(), 2u);
}

TEST(Artifact, takes_braces) {
  MovieStats a;
  a.genres = {};
  EXPECT_TRUE(a.genres->empty());
  a.genres = {"Drama", "Comedy"};
  EXPECT_EQ(a.genres->size(), 2u);
  a.totals = {};
  a.totals = {{"Drama", 1}};
  EXPECT_EQ(a.totals->at("Drama"), 1);
  a.total = {};
  EXPECT_EQ(*a.total, 0);
  Weather w;
  w.report = {};
  EXPECT_EQ(*w.report, "");
}

TEST(Artifact, dirty_by_writing_only) {
  MovieStats a;
  EXPECT_FALSE(a.total.dirty());
  a.total = 1;
  EXPECT_TRUE(a.total.dirty());
  MovieStats b;
  merge_artifacts(b, a);
  EXPECT_EQ(*b.total, 1);
  EXPECT_FALSE(b.total.dirty());
}

// --- fields ----------------------------------------------------------------------------------------------------------

struct ManyFields {
  Artifact<int> a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7, c0, c1, c2, c3, c4, c5, c6, c7, d0, d1,
      d2, d3, d4, d5, d6, d7, e0, e1, e2, e3, e4, e5, e6, e7, f0, f1, f2, f3, f4, f5, f6, f7, g0, g1, g2, g3, g4, g5,
      g6, g7, h0, h1, h2, h3, h4, h5, h6, h7;
  BACKLOT_FIELDS(a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7, c0, c1, c2, c3, c4, c5, c6, c7, d0, d1,
                 d2, d3, d4, d5, d6, d7, e0, e1, e2, e3, e4, e5, e6, e7, f0, f1, f2, f3, f4, f5, f6, f7, g0, g1, g2, g3,
                 g4, g5, g6, g7, h0, h1, h2, h3, h4, h5, h6, h7)
};

TEST(Fields, sixty_four_in_order) {
  ManyFields many;
  auto fields = sdk::slots(many);
  ASSERT_EQ(fields.size(), 64u);
  EXPECT_EQ(fields[0].name, "a0");
  EXPECT_EQ(fields[63].name, "h7");
  EXPECT_EQ(fields[63].slot, &many.h7);
}

struct Forgetful {
  Artifact<int> named, forgotten, also_forgotten;
  BACKLOT_FIELDS(named)
  void start() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>);
  }
};
struct CatchesIntoNothing {
  Artifact<std::string> error;
  Artifact<int> a;
  BACKLOT_FIELDS(a)
  void start() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>.catch_into(&F::error));
  }
};
struct Hiding : Forgetful {
  Artifact<int> named, _private;
  Parameter<int> help{"Hides the option", 1};
  BACKLOT_FIELDS(Forgetful::fields, named, _private, help)
};
struct OpenEnd {
  Artifact<bool> yes;
  BACKLOT_FIELDS(yes)
  void start() {}
  void more() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, choose<&F::yes>(when<true>(step<&F::more>), otherwise()));
  }
};
struct TwiceTheSame : OpenEnd {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, step<&F::start>);
  }
};

template <class F>
std::vector<std::string> findings() {
  std::vector<std::string> all;
  for (auto& d : flow_code<F>()->check()) all.push_back(d.rule + " at " + d.place + ": " + d.message);
  return all;
}

TEST(Check, finds_what_only_the_type_can_tell) {
  using Found = std::vector<std::string>;
  EXPECT_EQ(findings<Forgetful>(), Found{"fields at Forgetful: BACKLOT_FIELDS forgets 2 field(s)"});
  EXPECT_EQ(findings<CatchesIntoNothing>(),
            (Found{"catch-into at start: it catches into an artifact that BACKLOT_FIELDS forgets",
                   "fields at CatchesIntoNothing: BACKLOT_FIELDS forgets 1 field(s)"}));
  EXPECT_EQ(findings<Hiding>(), (Found{"fields at Hiding: BACKLOT_FIELDS forgets 2 field(s)",
                                       "fields at Hiding: two fields are named 'named'",
                                       "fields at Hiding: '_private' begins with _, which is reserved",
                                       "fields at Hiding: the parameter name 'help' is reserved"}));
}

TEST(Check, lints_the_graph) {
  using Found = std::vector<std::string>;
  EXPECT_EQ(findings<OpenEnd>(),
            Found{"last-step at choose yes: the flow may end here, at 'otherwise', without a last step"});
  EXPECT_EQ(findings<TwiceTheSame>(), Found{"name-clash at start: two steps are named 'start'"});
}

}  // namespace
}  // namespace backlot::test
