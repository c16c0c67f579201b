// What every catalog does with runs.
#include <gtest/gtest.h>

#include "backlot/catalog/test_catalog_contract.h"
#include "backlot/catalog/test_rows.h"

namespace backlot {
namespace {

NewRun full_run() {
  NewRun run = test_run();
  run.ns = "production";
  run.project = "cinema";
  run.branch = "main";
  run.tags = {"nightly", "cheap"};
  run.system_tags = {"sdk:c++"};
  run.code = std::string(64, 'a');
  run.origin = RunKey{40};
  run.parent = RunKey{41};
  run.parameters = {{"alpha", Reference::inlined(TypeTag::integer, "\x18\x2a")},
                    {"name", Reference::inlined(TypeTag::text, "x")}};
  return run;
}

TEST_P(RunsContract, everything_of_a_new_run_is_read_back) {
  NewRun wanted = full_run();
  auto [run, lease] = catalog_->create_run(wanted, "engine/12/boot");
  EXPECT_EQ(run.flow, wanted.flow);
  EXPECT_EQ(run.run_id, wanted.run_id);
  EXPECT_EQ(run.state, RunState::running);
  EXPECT_EQ(run.user, "ada");
  EXPECT_EQ(run.host, "engine");
  EXPECT_EQ(run.ns, "production");
  EXPECT_EQ(run.project, "cinema");
  EXPECT_EQ(run.branch, "main");
  EXPECT_EQ(run.code, wanted.code);
  EXPECT_EQ(run.origin, RunKey{40});
  EXPECT_EQ(run.parent, RunKey{41});
  EXPECT_EQ(run.created, wanted.now);
  EXPECT_EQ(run.ended, 0);
  EXPECT_EQ(run.lease_owner, "engine/12/boot");
  EXPECT_EQ(run.heartbeat, wanted.now);
  EXPECT_EQ(run.tags, wanted.tags);
  EXPECT_EQ(run.system_tags, wanted.system_tags);
  EXPECT_EQ(lease.run, run.key);
  EXPECT_EQ(lease.fence, run.fence);
  EXPECT_EQ(catalog_->graph(run.key), "the graph");
  EXPECT_EQ(catalog_->parameters(run.key), wanted.parameters);
  EXPECT_EQ(catalog_->run("Movies", run.run_id)->key, run.key);
}

TEST_P(RunsContract, a_taken_run_id_yields_the_next_free_one) {
  std::int64_t wanted = test_run().run_id;
  EXPECT_EQ(catalog_->create_run(test_run(), "a").first.run_id, wanted);
  EXPECT_EQ(catalog_->create_run(test_run("Movies", wanted + 1), "a").first.run_id, wanted + 1);
  EXPECT_EQ(catalog_->create_run(test_run(), "a").first.run_id, wanted + 2);
  EXPECT_EQ(catalog_->create_run(test_run("Other"), "a").first.run_id, wanted);
}

TEST_P(RunsContract, what_does_not_exist_is_absent_or_not_found) {
  EXPECT_FALSE(catalog_->run(RunKey{5}));
  EXPECT_FALSE(catalog_->run("Movies", 5));
  EXPECT_TRUE(catalog_->runs({}).empty());
  EXPECT_TRUE(catalog_->flows().empty());
  EXPECT_EQ(code_from([&] { catalog_->graph(RunKey{5}); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { catalog_->parameters(RunKey{5}); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { catalog_->take_lease(RunKey{5}, "a", 1); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { catalog_->set_tags(RunKey{5}, {"a"}, {}); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { catalog_->remove_runs({RunKey{5}}); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { catalog_->request({0, RunKey{5}, "cancel", "", "", 0}); }), ErrorCode::not_found);
}

TEST_P(RunsContract, are_listed_newest_first_and_filtered) {
  auto add = [&](const char* flow, const char* user, const char* project, std::vector<std::string> tags) {
    NewRun run = test_run(flow);
    run.user = user;
    run.project = project;
    run.tags = std::move(tags);
    return catalog_->create_run(run, "a");
  };
  RunKey one = add("A", "ada", "p", {"x"}).first.key;
  auto [two, two_lease] = add("B", "bob", "p", {});
  RunKey three = add("A", "bob", "q", {"x", "y"}).first.key;
  end_run(*catalog_, two_lease, RunState::failed);

  auto keys = [&](const RunFilter& filter) {
    std::vector<RunKey> found;
    for (const RunRow& run : catalog_->runs(filter)) found.push_back(run.key);
    return found;
  };
  using Keys = std::vector<RunKey>;
  EXPECT_EQ(keys({}), (Keys{three, two.key, one}));
  EXPECT_EQ(keys({.flow = "A", .user = {}, .tag = {}, .project = {}, .state = {}}), (Keys{three, one}));
  EXPECT_EQ(keys({.flow = {}, .user = "bob", .tag = {}, .project = {}, .state = {}}), (Keys{three, two.key}));
  EXPECT_EQ(keys({.flow = {}, .user = {}, .tag = "x", .project = {}, .state = {}}), (Keys{three, one}));
  EXPECT_EQ(keys({.flow = {}, .user = {}, .tag = {}, .project = "p", .state = {}}), (Keys{two.key, one}));
  EXPECT_EQ(keys({.flow = {}, .user = {}, .tag = {}, .project = {}, .state = RunState::failed}), (Keys{two.key}));
  EXPECT_EQ(keys({.flow = "A", .user = "bob", .tag = "y", .project = "q", .state = RunState::running}), (Keys{three}));
  EXPECT_EQ(keys({.flow = "nowhere", .user = {}, .tag = {}, .project = {}, .state = {}}), Keys{});
  EXPECT_EQ(keys({.flow = {}, .user = {}, .tag = {}, .project = {}, .state = {}, .before_key = three, .limit = 1}),
            (Keys{two.key}));
  EXPECT_EQ(catalog_->flows(), (std::vector<std::string>{"A", "B"}));
}

TEST_P(RunsContract, a_lease_that_was_taken_over_writes_nothing) {
  const auto created = catalog_->create_run(test_run(), "first");
  const auto& run = created.first;
  const Lease first = created.second;
  catalog_->commit(test_commit_of(first, 1, 2));
  auto other = place_->open();
  Lease second = other->take_lease(run.key, "second", 9);
  EXPECT_GT(second.fence, first.fence);

  const RunRow before = other->run(run.key).value();
  Commit late = test_commit_of(first, 3, 1);
  late.run_state = RunState::done;
  late.add_tags = {"late"};
  late.metadata = {{0, 0, "key", "late"}};
  EXPECT_EQ(code_from([&] { catalog_->commit(late); }), ErrorCode::lease_lost);
  EXPECT_FALSE(other->task(run.key, 3));
  EXPECT_EQ(other->run(run.key)->state, RunState::running);
  EXPECT_EQ(other->run(run.key)->events, before.events);
  EXPECT_EQ(other->run(run.key)->tags, before.tags);
  EXPECT_TRUE(other->metadata(run.key, 0).empty());
  EXPECT_EQ(other->run(run.key)->heartbeat, 9);
  other->commit(test_commit_of(second, 3, 1));
  EXPECT_TRUE(catalog_->task(run.key, 3));
  EXPECT_EQ(catalog_->run(run.key)->lease_owner, "second");
  EXPECT_TRUE(catalog_->check().empty());
}

TEST_P(RunsContract, the_end_releases_the_lease) {
  auto [run, lease] = catalog_->create_run(test_run(), "a");
  Commit last = test_commit(lease, 77);
  last.run_state = RunState::failed;
  last.run_failure = "compute[3]: no such file";
  catalog_->commit(last);
  RunRow row = *catalog_->run(run.key);
  EXPECT_EQ(row.state, RunState::failed);
  EXPECT_EQ(row.failure, "compute[3]: no such file");
  EXPECT_EQ(row.ended, 77);
  EXPECT_EQ(row.lease_owner, "");
  Lease held = lease;
  EXPECT_EQ(code_from([&] { catalog_->commit(test_commit(held)); }), ErrorCode::lease_lost);
  RunKey key = run.key;
  EXPECT_EQ(code_from([&] { catalog_->take_lease(key, "b", 1); }), ErrorCode::conflict);
}

TEST_P(RunsContract, tags_asked_for_at_the_very_end_are_not_lost) {
  auto [run, lease] = catalog_->create_run(test_run(), "a");
  catalog_->request({0, run.key, "tag", "late", "bob", 5});
  catalog_->request({0, run.key, "tag", "gone", "bob", 6});
  catalog_->request({0, run.key, "untag", "gone", "bob", 7});
  end_run(*catalog_, lease);
  auto tags = catalog_->run(run.key)->tags;
  EXPECT_EQ(std::count(tags.begin(), tags.end(), "late"), 1);
  EXPECT_EQ(std::count(tags.begin(), tags.end(), "gone"), 0);
  EXPECT_TRUE(catalog_->requests(run.key).empty());
}

TEST_P(RunsContract, requests_wait_until_the_lease_holder_consumes_them) {
  auto [run, lease] = catalog_->create_run(test_run(), "a");
  auto [other, other_lease] = catalog_->create_run(test_run(), "a");
  std::int64_t one = catalog_->request({0, run.key, "tag", "nice", "bob", 5});
  std::int64_t two = catalog_->request({0, run.key, "cancel", "", "eve", 6});
  std::int64_t foreign = catalog_->request({0, other.key, "cancel", "", "eve", 7});
  ASSERT_EQ(catalog_->requests(run.key).size(), 2u);
  ControlRequest first = catalog_->requests(run.key)[0];
  EXPECT_EQ(first.id, one);
  EXPECT_EQ(first.kind, "tag");
  EXPECT_EQ(first.argument, "nice");
  EXPECT_EQ(first.user, "bob");
  EXPECT_EQ(first.time, 5);

  Commit commit = test_commit(lease);
  commit.consumed = {one, two, foreign};
  catalog_->commit(commit);
  EXPECT_TRUE(catalog_->requests(run.key).empty());
  EXPECT_EQ(catalog_->requests(other.key).size(), 1u) << "a scheduler consumes requests of its own run only";
  EXPECT_GT(catalog_->request({0, run.key, "cancel", "", "eve", 8}), foreign) << "ids are not used again";
  end_run(*catalog_, lease);
  RunKey key = run.key;
  EXPECT_EQ(code_from([&] { catalog_->request({0, key, "cancel", "", "", 0}); }), ErrorCode::conflict);
}

TEST_P(RunsContract, tags_are_sets) {
  NewRun wanted = full_run();
  auto [run, lease] = catalog_->create_run(wanted, "a");
  Commit commit = test_commit(lease);
  commit.add_tags = {"new", "cheap"};
  commit.remove_tags = {"nightly", "never there", "sdk:c++"};
  catalog_->commit(commit);
  RunRow row = *catalog_->run(run.key);
  EXPECT_EQ(row.tags, (std::vector<std::string>{"cheap", "new"}));
  EXPECT_EQ(row.system_tags, wanted.system_tags) << "system tags are not the user's";
  catalog_->set_tags(run.key, {"late"}, {"new"});
  EXPECT_EQ(catalog_->run(run.key)->tags, (std::vector<std::string>{"cheap", "late"}));
}

TEST_P(RunsContract, notes_and_the_id_stay) {
  std::string id = catalog_->id();
  EXPECT_EQ(id.size(), 32u);
  EXPECT_FALSE(catalog_->note("store id"));
  catalog_->set_note("store id", "s1");
  catalog_->set_note("store id", "s2");
  catalog_ = place_->open();
  EXPECT_EQ(catalog_->note("store id"), "s2");
  EXPECT_EQ(catalog_->id(), id);
  EXPECT_NE(GetParam()()->open()->id(), id) << "of another place";
}

TEST_P(RunsContract, a_removed_run_leaves_nothing_but_its_taken_id) {
  auto [run, lease] = catalog_->create_run(full_run(), "a");
  auto [other, other_lease] = catalog_->create_run(full_run(), "a");
  Commit commit = test_commit_of(lease, 1, 3);
  commit.metadata = {{0, 0, "k", "v"}, {2, 0, "k", "v"}};
  catalog_->commit(commit);
  RunKey key = run.key;
  EXPECT_EQ(code_from([&] { catalog_->remove_runs({key}); }), ErrorCode::conflict);
  end_run(*catalog_, lease);
  catalog_->remove_runs({key});
  EXPECT_FALSE(catalog_->run(key));
  EXPECT_TRUE(catalog_->tasks(key, "", 0, 10).empty());
  EXPECT_TRUE(catalog_->steps(key).empty());
  EXPECT_TRUE(catalog_->attempts(key, 1).empty());
  EXPECT_TRUE(catalog_->metadata(key, 0).empty());
  EXPECT_EQ(catalog_->graph(other.key), "the graph") << "a graph stays while another run has it";
  EXPECT_TRUE(catalog_->check().empty());
  EXPECT_EQ(catalog_->create_run(full_run(), "a").first.run_id, other.run_id + 1);
}

}  // namespace
}  // namespace backlot
