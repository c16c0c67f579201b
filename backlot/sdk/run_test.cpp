// Flows of every form, task by task.
#include <gtest/gtest.h>

#include <filesystem>

#include "backlot/sdk/test_serial_runner.h"

namespace backlot::test {
namespace {

TEST(Run, foreach_and_join) {
  auto code = flow_code<MovieStats>();
  SerialRunner runner(*code);
  Scope end = runner.run({{"scale", runner.save(10.0)}});
  EXPECT_EQ(runner.done, (Texts{"start[]", "compute[0]", "compute[1]", "collect[]", "end[]"}));
  EXPECT_EQ(runner.value<Totals>(end, "totals"), (Totals{{"Drama", 40}, {"Comedy", 20}}));
  EXPECT_EQ(names_in(runner.manifests[0]), "genres movies ");
  EXPECT_EQ(names_in(runner.manifests[1]), "total ");
  EXPECT_EQ(names_in(runner.manifests[3]), "totals | genres movies ");
  EXPECT_FALSE(end.contains("total"));
}

TEST(Run, a_parameter_not_given_has_its_default) {
  auto code = flow_code<MovieStats>();
  SerialRunner runner(*code);
  EXPECT_EQ((runner.value<Totals>(runner.run(), "totals").at("Drama")), 4);
}

TEST(Run, branches_may_be_complete_scopes_or_differences) {
  for (bool replace : {false, true}) {
    auto code = flow_code<Weather>();
    SerialRunner runner(*code);
    runner.replace_scopes = replace;
    EXPECT_EQ(runner.value<std::string>(runner.run(), "report"), "[NL: 1NL1 2NL2][IT: 7IT7][nowhere:]");
  }
}

TEST(Run, nested_foreachs_have_nested_paths_and_an_empty_one_joins_nothing) {
  auto code = flow_code<Weather>();
  SerialRunner runner(*code);
  runner.run();
  EXPECT_EQ(runner.done, (Texts{"start[]", "list[0]", "fetch[0.0]", "fetch[0.1]", "of_country[0]", "list[1]",
                                "fetch[1.0]", "of_country[1]", "list[2]", "of_country[2]", "of_world[]"}));
  EXPECT_EQ(runner.reports.lines, (Texts{"label NL", "label 1", "label 2", "label NL", "label IT", "label 7",
                                         "label IT", "label nowhere", "label nowhere"}));
}

TEST(Run, the_branch_table_may_be_a_file) {
  auto code = flow_code<Weather>();
  SerialRunner runner(*code);
  runner.branch_file = testing::TempDir() + "branches_of_run_test";
  EXPECT_EQ(runner.value<std::string>(runner.run(), "report"), "[NL: 1NL1 2NL2][IT: 7IT7][nowhere:]");
  std::filesystem::remove(runner.branch_file);
}

TEST(Run, a_derived_flow_keeps_its_artifacts_through_the_bases_join) {
  auto code = flow_code<Audited>();
  SerialRunner runner(*code);
  Scope end = runner.run();
  EXPECT_EQ(runner.value<std::string>(end, "source"), "census");
  EXPECT_EQ(runner.value<int>(end, "audited"), 3);
  auto doubled = flow_code<Doubled>();
  SerialRunner second(*doubled);
  EXPECT_EQ(second.value<Totals>(second.run(), "totals").at("Drama"), 8);
}

TEST(Run, split_branches_arrive_by_name) {
  auto code = flow_code<Pricing>();
  SerialRunner runner(*code);
  Scope end = runner.run();
  EXPECT_EQ(runner.value<double>(end, "gap"), 0.5);
  EXPECT_EQ(runner.value<double>(end, "strike"), 90);
  EXPECT_EQ(runner.done, (Texts{"start[]", "fast[]", "exact[]", "agree[]", "end[]"}));
}

TEST(Run, choose_takes_a_case) {
  auto code = flow_code<Routing>();
  SerialRunner quick(*code), full(*code);
  EXPECT_EQ(quick.value<std::string>(quick.run(), "did"), "start skip");
  EXPECT_EQ(quick.manifests[0].next.decisions, (Texts{"choose mode(tune|skip)", "skip"}));
  Scope given{{"mode", full.save(std::string("full"))}, {"rows", full.save(1000)}};
  EXPECT_EQ(full.value<std::string>(full.run(given), "did"), "start sample tune train");
}

TEST(Run, loops_count_their_passes_and_stop_at_their_bound) {
  auto code = flow_code<Training>();
  SerialRunner runner(*code);
  Scope end = runner.run();
  EXPECT_EQ(runner.done, (Texts{"start[]", "train[@0@0]", "train[@0@1]", "train[@0@2]", "sum_up[@0]", "train[@1@0]",
                                "train[@1@1]", "train[@1@2]", "sum_up[@1]", "end[]"}));
  EXPECT_EQ(runner.value<int>(end, "rounds"), 2);
  EXPECT_EQ(runner.value<std::vector<int>>(end, "losses").size(), 6u);
}

TEST(Run, a_caught_failure_goes_into_its_artifact) {
  auto code = flow_code<Careful>();
  SerialRunner runner(*code);
  Scope end = runner.run();
  EXPECT_EQ(runner.value<int>(end, "failures"), 1);
  EXPECT_EQ(runner.value<std::string>(end, "error"), "std::runtime_error: disk full in part 2");
}

// --- one task
// ----------------------------------------------------------------------------------------------------------

struct Values {
  Parameter<int> level{"How much", 3};
  Artifact<std::string> text, copy;
  Artifact<std::vector<bool>> flags;
  Artifact<std::vector<int>> numbers;
  Artifact<int> number;
  BACKLOT_FIELDS(level, text, copy, flags, numbers, number)

  std::vector<std::string> names() const { return {*text + "1", *text + "2"}; }
  void write_the_same() { text = "same"; }
  void read_all() {
    (void)*text;
    (void)copy.has();
    (void)*level;
    number = *level;
    (void)*number;
  }
  void take_over() { copy = text; }
  void take_over_nothing() { copy = number.has() ? text : copy_of_nothing(); }
  Artifact<std::string> copy_of_nothing() const { return {}; }
  void set_parameter() { level = 5; }
  void fail_nested() {
    text = "before";
    try {
      throw std::invalid_argument("inner");
    } catch (...) { std::throw_with_nested(std::runtime_error("outer")); }
  }
  void fail_without_exception() { throw 42; }
  void fail_of_memory() { throw std::bad_alloc(); }
  void fail_at_length() { throw std::runtime_error(std::string(5000, 'x') + "é"); }
  void fail_on_unset() { (void)*number; }
  void say() {
    current().progress(0.25, "a quarter");
    current().metadata("host", "n7");
    text = current().pathspec() + " " + std::to_string(current().attempt()) + " " + std::to_string(current().seed()) +
           " " + std::to_string(current().origin_run()) + " " + current().flow() + current().index();
    copy = current().temp_dir();
    if (!std::filesystem::is_directory(*copy)) throw std::runtime_error("there is no " + *copy);
  }
  void start() {
    flags = {true, false, true};
    text = "n";
  }
  void flip(const bool& flag) noexcept { number = flag ? 1 : 0; }
  void count(const Inputs<Values, bool>& in) {
    number = 0;
    for (auto& b : in) number.edit() += *b->number * (b.item ? 10 : 1);
    text = "n";
  }
  void named(const std::string& name) { text = name + "!"; }
  void collect(const Inputs<Values, std::string>& in) {
    text = "";
    for (auto& b : in) text.edit() += b.item + *b->text;
    merge_artifacts(*this, in);
  }

  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::flags>(step<&F::flip>).join(step<&F::count>),
                 foreach<&F::names>(step<&F::named>).join(step<&F::collect>),
                 chain(step<&F::write_the_same>, step<&F::read_all>, step<&F::take_over>, step<&F::take_over_nothing>,
                       step<&F::set_parameter>, step<&F::fail_nested>, step<&F::fail_without_exception>,
                       step<&F::fail_of_memory>, step<&F::fail_at_length>, step<&F::fail_on_unset>, step<&F::say>));
  }
};

class OneTask : public testing::Test {
 protected:
  std::unique_ptr<FlowCode> code = flow_code<Values>();
  SerialRunner runner{*code};
  Manifest run(std::string_view step, const Scope& scope = {}) { return runner.run_task(runner.frame_of(step, scope)); }
};

TEST_F(OneTask, bools_and_results_of_member_functions_are_lists) {
  auto start = run("start");
  ASSERT_TRUE(start.next.fan_out);
  EXPECT_EQ(start.next.fan_out->count, 3u);
  EXPECT_TRUE(start.next.fan_out->list.same_value(runner.save(std::vector<bool>{true, false, true})));

  TaskFrame flip = runner.frame_of("flip", {}, IndexPath{}.with(IndexPath::Kind::item, 2));
  flip.items.push_back({NodeId(1), 2, start.next.fan_out->list});
  EXPECT_EQ(runner.json(*runner.run_task(flip).find("number")), "1");

  TaskFrame count = runner.frame_of("count", {});
  auto joined = runner.run_task(count);
  ASSERT_TRUE(joined.next.fan_out);
  EXPECT_EQ(runner.json(joined.next.fan_out->list), R"(["n1","n2"])");
}

TEST_F(OneTask, saves_only_what_changed) {
  Scope same{{"text", runner.save(std::string("same"))}}, other{{"text", runner.save(std::string("other"))}};
  EXPECT_EQ(names_in(run("write_the_same", same)), "");
  EXPECT_EQ(names_in(run("write_the_same", other)), "text ");
  EXPECT_EQ(names_in(run("write_the_same")), "text ");
}

TEST_F(OneTask, records_what_it_read_and_what_was_not_there) {
  Reference text = runner.save(std::string("t"));
  auto m = run("read_all", {{"text", text}});
  ASSERT_FALSE(m.failure);
  std::vector<Manifest::Read> expected{{"copy", std::nullopt}, {"level", std::nullopt}, {"text", text.identity()}};
  EXPECT_EQ(m.reads, expected);  // number was its own
}

TEST_F(OneTask, taking_over_another_artifact_loads_nothing) {
  Reference text = Reference::inlined(TypeTag::text, "not even CBOR");
  auto m = run("take_over", {{"text", text}});
  EXPECT_EQ(names_in(m), "| copy ");
  EXPECT_EQ(m.artifacts[0].value, text);
  EXPECT_EQ(m.reads, (std::vector<Manifest::Read>{{"text", text.identity()}}))
      << "what it did depends on it all the same";
}

/// A cached join that looks at its branches in one of several ways, and a last step that asks for its seed.
struct Looking {
  Parameter<int> way{"How to look", 0};
  Parameter<int> scale{"What branches read", 1};
  Artifact<std::vector<int>> parts;
  Artifact<int> part, other, result;
  BACKLOT_FIELDS(way, scale, parts, part, other, result)

  void start() { parts = {1, 2}; }
  void work(const int& p) {
    part = p;
    if (p == 1) other = 7;
  }
  void collect(const Inputs<Looking, int>& in) {
    int sum = 0;
    switch (*way) {
      case 0: break;
      case 1: sum = *in[1]->part * *in[0]->scale; break;
      case 2: result = in[0]->other; return;
      case 3: sum = in[1]->other.has(); break;
      case 4: merge_artifacts(*this, in, except<&Looking::part>()); break;
      case 5: {
        Looking copy = in[0].flow;
        merge_artifacts(*this, copy, except<&Looking::part, &Looking::parts, &Looking::result>());
        break;
      }
    }
    result = sum;
  }
  void end() { result = static_cast<int>(current().seed()); }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::parts>(step<&F::work>).join(step<&F::collect>.cache()),
                 step<&F::end>.cache());
  }
};

TEST(Reads, of_a_cached_join_are_what_it_looked_at_in_any_branch) {
  auto code = flow_code<Looking>();
  auto names = [&](int way) {
    SerialRunner runner(*code);
    runner.run({{"way", runner.save(way)}, {"scale", runner.save(5)}});
    std::string text;
    for (const Manifest::Read& read : runner.manifests.at(3).reads) text += read.name + " ";
    return text;
  };
  EXPECT_EQ(names(0), "[branches] way ");
  EXPECT_EQ(names(1), "[branches] [branches].part [branches].scale way ");
  EXPECT_EQ(names(2), "[branches] [branches].other way ") << "taken over without being loaded";
  EXPECT_EQ(names(3), "[branches] [branches].other way ");
  EXPECT_EQ(names(4), "[branches] [branches].other [branches].parts [branches].result way ");
  EXPECT_EQ(names(5), "[branches] [branches].other way ");
}

TEST(Reads, of_a_parameter_at_its_default_are_taken_for_granted) {
  auto code = flow_code<Looking>();
  SerialRunner runner(*code);
  runner.run({{"way", runner.save(1)}});
  auto& reads = runner.manifests.at(3).reads;
  EXPECT_TRUE(std::any_of(reads.begin(), reads.end(), [](auto& r) { return r.name == "[branches].scale"; }));
}

/// A loop whose passes are cached; it goes on while `passes` says so.
struct Passes {
  Parameter<int> passes{"How often", 2};
  Artifact<int> done;
  BACKLOT_FIELDS(passes, done)
  bool more() const { return *done < *passes; }
  void start() { done = 0; }
  void pass() { ++done.edit(); }
  void end() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, loop<&F::more>(step<&F::pass>.cache()).at_most(3), step<&F::end>);
  }
};

TEST(Reads, of_a_cached_pass_hold_its_path_when_the_bound_of_the_loop_could_end_it) {
  auto code = flow_code<Passes>();
  SerialRunner runner(*code);
  runner.run();
  ASSERT_EQ(runner.done, (Texts{"start[]", "pass[@0]", "pass[@1]", "end[]"}));
  EXPECT_EQ(runner.manifests[1].reads.at(0).name, "[path]") << "another pass might not go on";
  EXPECT_EQ(runner.manifests[2].reads.at(0).name, "done") << "that it is over does not depend on the bound";
}

TEST(Reads, of_a_cached_step_tell_whether_it_asked_where_it_stands) {
  auto code = flow_code<Looking>();
  SerialRunner runner(*code);
  runner.run();
  ASSERT_EQ(runner.done.back(), "end[]");
  EXPECT_EQ(runner.manifests.back().reads, (std::vector<Manifest::Read>{{"[path]", sha256("")}}));
  EXPECT_TRUE(runner.manifests.at(1).reads.empty()) << "not cached, and reads its item only";
}

TEST_F(OneTask, lost_writes_are_refused) {
  auto parameter = run("set_parameter");
  ASSERT_TRUE(parameter.failure);
  EXPECT_NE(parameter.failure->message.find("parameter 'level' was assigned in a step"), std::string::npos);
  auto nothing = run("take_over_nothing", {{"copy", runner.save(std::string("c"))}});
  ASSERT_TRUE(nothing.failure);
  EXPECT_NE(nothing.failure->message.find("'copy' was assigned from"), std::string::npos);
}

TEST_F(OneTask, a_failure_keeps_what_was_assigned) {
  auto m = run("fail_nested");
  ASSERT_TRUE(m.failure);
  EXPECT_EQ(m.failure->kind, FailureKind::exception);
  EXPECT_EQ(m.failure->type, "std::_Nested_exception<std::runtime_error>");
  EXPECT_EQ(m.failure->message, "outer: inner");
  EXPECT_EQ(m.failure->place, "Values::fail_nested");
  EXPECT_EQ(names_in(m), "text ");
  EXPECT_EQ(m.next, Transition{});
}

TEST_F(OneTask, failures_of_all_kinds) {
  EXPECT_EQ(run("fail_without_exception").failure->type, "int");
  EXPECT_EQ(run("fail_of_memory").failure->kind, FailureKind::out_of_memory);
  EXPECT_EQ(run("fail_at_length").failure->message, std::string(4096, 'x'));
  auto unset = *run("fail_on_unset").failure;
  EXPECT_EQ(unset.type, "backlot::Error");
  EXPECT_EQ(unset.message, "'number' was read before it was set (set it in an earlier step, or ask has() first)");
}

TEST_F(OneTask, a_store_that_fails_is_no_failure_of_the_step) {
  Reference lost;
  lost.type = TypeTag::text;
  lost.place = Reference::Place::blob;
  lost.id = identity_of(TypeTag::text, "x");
  try {
    run("read_all", {{"text", lost}});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::not_found);
    EXPECT_EQ(e.context(), "'text'");
  }
  auto wrong_type = run("read_all", {{"text", runner.save(3)}});
  ASSERT_TRUE(wrong_type.failure);  // that is the code's fault
  EXPECT_NE(wrong_type.failure->message.find("'text'"), std::string::npos);
}

TEST_F(OneTask, a_caught_failure_is_described) {
  auto careful = flow_code<Careful>();
  SerialRunner careful_runner(*careful);
  auto text = [&](Failure failure) {
    Reference list = careful_runner.save(std::vector<int>{1});
    TaskFrame frame = careful_runner.frame_of("risky", {}, IndexPath{}.with(IndexPath::Kind::item, 0));
    frame.items.push_back({NodeId(1), 0, list});
    frame.caught = std::move(failure);
    Manifest m = careful_runner.run_task(frame);
    EXPECT_FALSE(m.failure);
    return careful_runner.json(*m.find("error"));
  };
  EXPECT_EQ(text({FailureKind::signal, 9, "", "", ""}), "\"killed by signal 9\"");
  EXPECT_EQ(text({FailureKind::exit_code, 3, "", "", ""}), "\"exited with code 3\"");
  EXPECT_EQ(text({FailureKind::timeout, 0, "", "after 5 s", ""}), "\"ran longer than its timeout: after 5 s\"");
}

TEST_F(OneTask, current_knows_the_task) {
  runner.temp_dir = testing::TempDir() + "made_on_demand";
  TaskFrame frame = runner.frame_of("say", {});
  frame.attempt = 2;
  auto m = runner.run_task(frame);
  ASSERT_FALSE(m.failure);
  EXPECT_EQ(runner.json(*m.find("text")), "\"Values/176/say/[] 2 99 175 Values[]\"");
  EXPECT_FALSE(std::filesystem::exists(runner.temp_dir));  // it was made, and went with the task
  EXPECT_EQ(runner.reports.lines, (Texts{"progress 0.250000 a quarter", "host=n7"}));
  EXPECT_EQ(m.metadata, (std::vector<std::pair<std::string, std::string>>{{"host", "n7"}}));
  EXPECT_THROW(current().run(), Error);
}

// --- wide and large
// ------------------------------------------------------------------------------------------------------

struct Wide {
  Artifact<std::string> large;
  Artifact<std::vector<int>> numbers;
  Artifact<int> square;
  Artifact<std::int64_t> sum;
  BACKLOT_FIELDS(large, numbers, square, sum)
  void start() {
    large = std::string(200'000, 'x');
    for (int i = 0; i < 1000; ++i) numbers.edit().push_back(i);
  }
  void pass() {}
  void compute(const int& n) { square = n * n; }
  void join(const Inputs<Wide, int>& in) {
    sum = 0;
    for (auto& b : in) sum.edit() += *b->square;
    merge_artifacts(*this, in, except<&Wide::square>());
  }
  void conflict(const Inputs<Wide, int>& in) { merge_artifacts(*this, in); }
  void end() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, step<&F::pass>, foreach<&F::numbers>(step<&F::compute>).join(step<&F::join>),
                 step<&F::end>);
  }
};
struct Conflicting : Wide {
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::numbers>(step<&F::compute>).join(step<&F::conflict>), step<&F::end>);
  }
};

TEST(RunWide, a_thousand_branches_and_what_nobody_reads_is_never_opened) {
  auto code = flow_code<Wide>();
  SerialRunner runner(*code);
  Scope end = runner.run();
  EXPECT_EQ(runner.value<std::int64_t>(end, "sum"), 332'833'500);
  EXPECT_EQ(end.at("large").place, Reference::Place::blob);
  EXPECT_FALSE(runner.blobs.opened.contains(end.at("large").id));
  EXPECT_EQ(names_in(runner.manifests[1]), "");
  EXPECT_EQ(runner.manifests[1].next.fan_out->count, 1000u);  // counted without loading the list
}

TEST(RunWide, a_conflict_names_the_artifact_and_the_branches) {
  auto code = flow_code<Conflicting>();
  SerialRunner runner(*code);
  try {
    runner.run();
    FAIL();
  } catch (const std::runtime_error& e) {
    std::string text = e.what();
    EXPECT_NE(text.find("branches 0 ('0') and 1 ('1') differ in artifact 'square'"), std::string::npos) << text;
    EXPECT_NE(text.find("except<&Flow::square>()"), std::string::npos);
  }
}

}  // namespace
}  // namespace backlot::test
