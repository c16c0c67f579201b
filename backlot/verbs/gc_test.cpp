// gc and fsck: what is needed stays, what is not goes, and what is missing is found.
#include "backlot/verbs/gc.h"

#include "backlot/base/test_errors.h"
#include "backlot/client/test_home.h"
#include "backlot/sql/vfs.h"
#include "backlot/verbs/fsck.h"
#include "backlot/verbs/logs.h"
#include "backlot/verbs/removal.h"

namespace backlot::verbs {
namespace {

using client::fan_out_graph;
using client::RunScript;
using client::TestHome;

constexpr Micros day = 86'400'000'000;

/// A value large enough to be a blob of its own, different for each seed.
std::string large(char seed) { return std::string(100'000, seed); }

using Names = std::vector<std::string>;

/// Makes runs and calls gc as another user of a shared home.
class AsUser {
 public:
  explicit AsUser(const char* name) { setenv("BACKLOT_USER", name, 1); }
  ~AsUser() { unsetenv("BACKLOT_USER"); }
  AsUser(const AsUser&) = delete;
};

std::uint64_t blobs_in(const TestHome& home) {
  std::uint64_t count = 0;
  home.store().each([&](const Digest&) { ++count; });
  return count;
}

/// A home whose clock is far ahead of the blobs' times, so that none is too young.
struct Fixture : TestHome {
  Fixture() { clock.time = system_clock().now() + 1000 * day; }
  GcReport collect(const GcPolicy& policy = {}) { return collect_garbage(client(), policy); }
  std::string write_run(char seed, std::vector<std::string> tags = {}, std::string flow = "Flow") {
    RunScript run(*this, std::move(flow), fan_out_graph(), {}, no_run, std::move(tags));
    run.task("start", "[]", {value("x", large(seed))});
    run.end();
    return run.pathspec();
  }
};

TEST(Gc, named_runs_go_and_what_that_means_is_told_before) {
  Fixture home;
  std::string going = home.write_run('a');
  std::string other = home.write_run('b');
  std::string alike = home.write_run('b', {}, "Other");
  Removal plan = plan_removal(home.client(), {going, other, going});
  EXPECT_EQ(plan.runs.size(), 2u);
  EXPECT_EQ(plan.blobs, 1u) << "the other one is needed by the third run";
  EXPECT_GT(plan.bytes, 0u);
  EXPECT_TRUE(plan.clones.empty());
  EXPECT_EQ(blobs_in(home), 2u) << "only told";
  GcReport report = home.collect(policy_for(plan));
  EXPECT_EQ(Names(report.runs.rbegin(), report.runs.rend()), (Names{going, other}));
  EXPECT_EQ(blobs_in(home), 1u);
  EXPECT_EQ(home.client().run(Pathspec::parse(alike)).pathspec(), alike);
  EXPECT_EQ(code_from([&] { plan_removal(home.client(), {going}); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { plan_removal(home.client(), {"Other"}); }), ErrorCode::usage);
  EXPECT_EQ(code_from([&] { plan_removal(home.client(), {}); }), ErrorCode::usage);
}

TEST(Gc, a_run_that_took_tasks_over_is_told_of) {
  Fixture home;
  RunScript origin(home);
  origin.task("start", "[]", {home.value("x", large('o'))});
  origin.end(RunState::failed);
  RunScript resumed(home, "Flow", fan_out_graph(), {}, origin.row().key);
  resumed.clone(origin.row().key, 1);
  auto scheduler = resumed.hold();
  EXPECT_EQ(code_from([&] { plan_removal(home.client(), {resumed.pathspec()}); }), ErrorCode::conflict);
  scheduler.reset();
  resumed.end();
  Removal plan = plan_removal(home.client(), {origin.pathspec()});
  EXPECT_EQ(plan.clones, Names{resumed.pathspec()});
  EXPECT_EQ(plan.bytes, 0u) << "the clone needs the value";
}

TEST(Gc, without_a_policy_only_what_nothing_needs_goes) {
  Fixture home;
  home.write_run('a');
  home.value("garbage", large('g'));
  ASSERT_EQ(blobs_in(home), 2u);
  GcReport report = home.collect();
  EXPECT_TRUE(report.runs.empty());
  EXPECT_EQ(report.kept_runs, 1u);
  EXPECT_EQ(report.blobs, 1u);
  EXPECT_EQ(blobs_in(home), 1u);
  EXPECT_EQ(home.client().artifact(Pathspec::parse("Flow/last/start/x")).as<std::string>(), large('a'));
}

TEST(Gc, a_dry_run_tells_the_same_and_changes_nothing) {
  Fixture home;
  home.write_run('a');
  home.write_run('b');
  GcPolicy policy;
  policy.keep_newest = 1;
  policy.dry_run = true;
  GcReport dry = home.collect(policy);
  EXPECT_EQ(blobs_in(home), 2u);
  EXPECT_EQ(home.client().runs({}).size(), 2u);
  policy.dry_run = false;
  GcReport wet = home.collect(policy);
  EXPECT_EQ(dry.runs, wet.runs);
  EXPECT_EQ(dry.blobs, wet.blobs);
  EXPECT_EQ(dry.bytes, wet.bytes);
  EXPECT_EQ(dry.kept_runs, wet.kept_runs);
  EXPECT_EQ(blobs_in(home), 1u);
}

TEST(Gc, conditions_hold_together) {
  Fixture home;
  std::string old_draft = home.write_run('a', {"draft"});
  home.write_run('b');
  home.clock.time += 10 * day;
  std::string new_draft = home.write_run('c', {"draft"});
  GcPolicy policy;
  policy.tag = "draft";
  policy.older_than = home.clock.time - 5 * day;
  EXPECT_EQ(home.collect(policy).runs, std::vector<std::string>{old_draft});
  EXPECT_EQ(home.client().runs({}).size(), 2u);
}

TEST(Gc, kept_tags_and_live_runs_never_go) {
  Fixture home;
  home.write_run('a', {"keep"});
  RunScript live(home);
  auto lease = live.hold();
  live.task("start", "[]", {home.value("x", large('l'))});
  GcPolicy policy;
  policy.keep_newest = 0;
  policy.max_bytes = 0;
  policy.keep_tags = {"keep"};
  GcReport report = home.collect(policy);
  EXPECT_TRUE(report.runs.empty());
  EXPECT_EQ(blobs_in(home), 2u);
}

TEST(Gc, a_flow_is_a_condition_and_alone_lets_all_its_runs_go) {
  Fixture home;
  std::string a1 = home.write_run('a', {}, "A"), b1 = home.write_run('b', {}, "B"), a2 = home.write_run('c', {}, "A");
  std::string c1 = home.write_run('d', {}, "C");
  GcPolicy policy;
  policy.flows = {"A"};
  policy.keep_newest = 1;
  EXPECT_EQ(home.collect(policy).runs, Names{a1});
  policy.keep_newest.reset();
  policy.flows = {"A", "B", "Nothing"};
  EXPECT_EQ(home.collect(policy).runs, (Names{a2, b1}));
  EXPECT_EQ(home.client().runs({}).size(), 1u);
}

TEST(Gc, runs_of_other_users_stay_unless_they_are_asked_for) {
  Fixture home;
  auto write_as = [&](const char* user, char seed) {
    AsUser as(user);
    return home.write_run(seed);
  };
  std::string alices = write_as("alice", 'a'), bobs = write_as("bob", 'b');
  home.value("garbage", large('g'));
  GcPolicy policy;
  policy.keep_newest = 0;
  {
    AsUser as("bob");
    GcReport report = home.collect(policy);
    EXPECT_EQ(report.runs, Names{bobs});
    EXPECT_EQ(report.kept_of_others, 1u);
    EXPECT_EQ(report.blobs, 2u) << "what no run needs is nobody's";
  }
  std::string unknown = write_as("", 'u');  // of the system's user, who is another one, too
  {
    AsUser as("bob");
    policy.users = {"alice"};
    GcReport report = home.collect(policy);
    EXPECT_EQ(report.runs, Names{alices});
    EXPECT_EQ(report.kept_of_others, 1u);
    policy.users.clear();
    policy.all_users = true;
    report = home.collect(policy);
    EXPECT_EQ(report.runs, Names{unknown});
    EXPECT_EQ(report.kept_of_others, 0u);
  }
}

TEST(Gc, runs_without_a_user_are_those_of_others) {
  Fixture home;
  NewRun run;
  run.flow = "Flow";
  run.graph = encode(fan_out_graph());
  run.now = run.run_id = home.clock.time;
  auto [row, lease] = home.catalog().create_run(run, "here/1/boot");
  Commit end;
  end.lease = lease;
  end.now = home.clock.time;
  end.run_state = RunState::done;
  home.catalog().commit(end);
  GcPolicy policy;
  policy.keep_newest = 0;
  EXPECT_EQ(home.collect(policy).kept_of_others, 1u);
  policy.all_users = true;
  EXPECT_EQ(home.collect(policy).runs.size(), 1u);
}

TEST(Gc, the_newest_are_counted_for_each_user) {
  Fixture home;
  std::string mine = home.write_run('m');
  {
    AsUser as("alice");
    home.write_run('a');
    home.write_run('b');
  }
  GcPolicy policy;
  policy.keep_newest = 1;
  GcReport report = home.collect(policy);
  EXPECT_TRUE(report.runs.empty()) << mine << " is this user's newest, though others have run the flow since";
  EXPECT_EQ(report.kept_of_others, 1u);
}

TEST(Gc, runs_of_others_count_as_bytes_that_stay) {
  Fixture home;
  std::string old = home.write_run('o'), other_flow = home.write_run('f', {}, "Other"), newest = home.write_run('n');
  {
    AsUser as("alice");
    home.write_run('a');
    home.write_run('b');
  }
  std::uint64_t one =
      home.store().info(home.client().artifact(Pathspec::parse(newest + "/start/x")).identity())->stored_size;
  GcPolicy policy;
  policy.max_bytes = 4 * one;
  EXPECT_EQ(home.collect(policy).runs, Names{old});
  policy.max_bytes = 3 * one;
  policy.flows = {"Other"};
  EXPECT_EQ(home.collect(policy).runs, Names{other_flow}) << "of other flows none, though they are older";
  policy.flows.clear();
  policy.max_bytes = 0;
  GcReport report = home.collect(policy);
  EXPECT_EQ(report.runs, Names{newest});
  EXPECT_EQ(report.kept_of_others, 2u);
  EXPECT_EQ(report.kept_runs, 2u);
}

TEST(Gc, a_lost_run_is_as_old_as_its_last_heartbeat) {
  Fixture home;
  RunScript lost(home);
  lost.hold().reset();
  lost.task("start", "[]");
  GcPolicy policy;
  policy.older_than = home.clock.time - day;
  EXPECT_TRUE(home.collect(policy).runs.empty()) << "it can be resumed";
  home.clock.time += 2 * day;
  policy.older_than = home.clock.time - day;
  EXPECT_EQ(home.collect(policy).runs, Names{lost.pathspec()});
}

TEST(Gc, blobs_younger_than_a_live_run_stay) {
  TestHome home;
  home.clock.time = system_clock().now() - day;
  RunScript live(home);
  auto lease = live.hold();
  home.value("not committed yet", large('n'));
  home.clock.time = system_clock().now() + day;
  GcReport report = collect_garbage(home.client(), {});
  EXPECT_EQ(report.blobs, 0u);
  EXPECT_EQ(report.young_blobs, 1u);
  live.end();
  EXPECT_EQ(collect_garbage(home.client(), {}).blobs, 1u);
}

TEST(Gc, many_runs_go_in_few_transactions) {
  Fixture home;
  for (int i = 0; i < 450; ++i) RunScript(home).end();
  const std::uint64_t before = backlot_vfs().counts().syncs;
  GcPolicy policy;
  policy.keep_newest = 3;
  EXPECT_EQ(home.collect(policy).runs.size(), 447u);
  EXPECT_EQ(home.client().runs({}).size(), 3u);
  EXPECT_LT(backlot_vfs().counts().syncs - before, 20u);
  EXPECT_EQ(fsck(home.client(), FsckMode::verify).problem_count, 0u);
}

TEST(Gc, a_lost_run_goes_as_one_that_failed) {
  Fixture home;
  RunScript lost(home);
  lost.hold().reset();  // its scheduler has held it, and is gone
  lost.task("start", "[]", {home.value("x", large('l'))});
  EXPECT_TRUE(home.collect().runs.empty()) << "never without a policy";
  EXPECT_EQ(blobs_in(home), 1u) << "`resume` needs it";
  GcPolicy policy;
  policy.keep_newest = 0;
  EXPECT_EQ(home.collect(policy).runs, std::vector<std::string>{lost.pathspec()});
  EXPECT_EQ(blobs_in(home), 0u);
}

TEST(Gc, size_lets_the_oldest_go_and_counts_shared_blobs_once) {
  Fixture home;
  home.write_run('a');
  home.write_run('b');
  home.write_run('b');
  std::uint64_t one =
      home.store().info(home.client().artifact(Pathspec::parse("Flow/last/start/x")).identity())->stored_size;
  GcPolicy policy;
  policy.max_bytes = one;
  GcReport report = home.collect(policy);
  EXPECT_EQ(report.runs.size(), 1u);
  EXPECT_EQ(report.kept_runs, 2u);
  EXPECT_EQ(blobs_in(home), 1u);
  EXPECT_EQ(fsck(home.client(), FsckMode::verify).problem_count, 0u);
}

/// In a resumed run, or in one that has no origin and took it from the step cache.
class OfClones : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Gc, OfClones, testing::Bool());

TEST_P(OfClones, an_origin_run_may_go_and_its_clones_keep_their_values_and_logs) {
  Fixture home;
  RunScript origin(home);
  LogIndex index{16, 0, 5, 0, 0, -1};
  {
    LogWriter log(system_files(), origin.log_folder());
    log.append(1, 0, LogStream::out, 1, "hello");
    log.flush();
    index.end = log.position();
  }
  origin.task("start", "[]", {home.value("x", large('o'))}, {}, index);
  origin.end(RunState::failed);
  home.clock.time += day;
  RunScript resumed(home, "Flow", fan_out_graph(), {}, GetParam() ? origin.row().key : no_run);
  resumed.clone(origin.row().key, 1);
  resumed.end();
  std::string unneeded = home.write_run('u');
  system_files().make_directories(home.home().runs() + "/" + unneeded);

  GcPolicy policy;
  policy.older_than = resumed.row().created;  // the origin has ended before
  EXPECT_EQ(home.collect(policy).runs, std::vector<std::string>{origin.pathspec()});
  auto read = [&] {
    std::string text;
    read_logs(home.client(), Pathspec::parse(resumed.pathspec()), {}, [&](const LogPiece& p) {
      text += p.bytes;
      return true;
    });
    return text;
  };
  EXPECT_EQ(read(), "hello");
  EXPECT_EQ(home.client().artifact(Pathspec::parse(resumed.pathspec() + "/start/x")).as<std::string>(), large('o'));
  FsckReport report = fsck(home.client(), FsckMode::verify);
  EXPECT_EQ(report.problem_count, 0u) << (report.problems.empty() ? "" : report.problems[0].message);

  // When the last run that needs the log goes, the log goes.
  GcPolicy all;
  all.keep_newest = 0;
  home.collect(all);
  EXPECT_FALSE(std::filesystem::exists(origin.log_folder()));
  EXPECT_EQ(blobs_in(home), 0u);
}

TEST(Gc, the_trash_is_emptied_after_its_time) {
  Fixture home;
  home.value("garbage", large('g'));
  GcPolicy policy;
  policy.trash_age = 2000 * day;
  EXPECT_EQ(home.collect(policy).freed_bytes, 0u);
  policy.trash_age = 0;
  EXPECT_GT(home.collect(policy).freed_bytes, 0u);
}

TEST(Gc, earlier_attempts_and_parameters_are_needed_too) {
  Fixture home;
  RunScript run(home, "Flow", fan_out_graph(), {home.value("p", large('p'))});
  std::int64_t number = run.task("start", "[]", {home.value("first", large('1'))});
  Commit second;
  TaskRow task = home.catalog().task(run.row().key, number).value();
  task.attempts = 2;
  AttemptRow attempt = home.catalog().attempts(run.row().key, number).at(0);
  attempt.attempt = 1;
  attempt.manifest = encode(Manifest{});
  second.tasks = {task};
  second.attempts = {attempt};
  run.commit(second);
  run.end();
  EXPECT_EQ(home.collect().blobs, 0u);
  EXPECT_EQ(blobs_in(home), 2u);
}

// --- fsck -----------------------------------------------------------------------------------------------------------

TEST(Fsck, finds_a_missing_blob_and_names_who_needs_it) {
  Fixture home;
  std::string run = home.write_run('a');
  Digest id = home.client().artifact(Pathspec::parse("Flow/last/start/x")).identity();
  EXPECT_EQ(fsck(home.client(), FsckMode::quick).problem_count, 0u);
  ASSERT_TRUE(home.store().discard(id, INT64_MAX));
  EXPECT_EQ(fsck(home.client(), FsckMode::quick).problem_count, 0u);  // what is needed comes back from the trash
  ASSERT_TRUE(home.store().discard(id, INT64_MAX));
  home.store().empty_trash(INT64_MAX);
  FsckReport report = fsck(home.client(), FsckMode::quick);
  ASSERT_EQ(report.problem_count, 1u);
  EXPECT_EQ(report.problems[0].place, "blob " + id.hex());
  EXPECT_EQ(report.problems[0].message, "is missing; needed by " + run + " task 1 attempt 0");
  EXPECT_EQ(report.problems[0].fix, "to make it again: `backlot rerun " + run + " start`");
}

/// Flips a bit of the last byte of every blob.
void damage_blobs(const Fixture& home) {
  for (auto& entry : std::filesystem::recursive_directory_iterator(home.home().store() + "/blobs")) {
    if (!entry.is_regular_file()) continue;
    auto blob = system_files().open(entry.path(), OpenMode::write);
    std::string last = blob->read(blob->size() - 1, 1);
    last[0] = static_cast<char>(last[0] ^ 1);
    blob->write(blob->size() - 1, last);
  }
}

TEST(Fsck, verify_finds_a_flipped_bit) {
  Fixture home;
  home.write_run('a');
  damage_blobs(home);
  EXPECT_EQ(fsck(home.client(), FsckMode::quick).problem_count, 0u);
  EXPECT_EQ(fsck(home.client(), FsckMode::verify).problem_count, 1u);
}

TEST(Fsck, repair_sets_a_damaged_blob_aside_and_tells_it_once) {
  Fixture home;
  NamedReference shared = home.value("x", large('s'));
  RunScript run(home, "Flow", fan_out_graph());
  run.task("start", "[]", {shared});
  for (int i = 0; i < 5; ++i) run.task("body", "[" + std::to_string(i) + "]", {shared});
  run.end();
  damage_blobs(home);
  FsckReport report = fsck(home.client(), FsckMode::repair);
  ASSERT_EQ(report.problem_count, 1u);
  EXPECT_EQ(report.set_aside, 1u);
  EXPECT_NE(report.problems[0].message.find("is set aside; needed by " + run.pathspec()), std::string::npos);
  EXPECT_NE(report.problems[0].message.find("and 5 more"), std::string::npos) << report.problems[0].message;
  EXPECT_EQ(blobs_in(home), 0u);
  home.value("again", large('s'));  // whoever makes the value again
  EXPECT_EQ(fsck(home.client(), FsckMode::verify).problem_count, 0u);
}

TEST(Fsck, finds_a_log_index_beyond_its_log_and_orphans) {
  Fixture home;
  RunScript run(home);
  run.task("start", "[]", {}, {}, {16, 500, 1, 0, 0, -1});
  run.end();
  home.value("garbage", large('g'));
  system_files().make_directories(home.home().runs() + "/Flow/12345");
  FsckReport report = fsck(home.client(), FsckMode::quick);
  ASSERT_EQ(report.problem_count, 2u);
  EXPECT_EQ(report.problems[0].rule, "log");
  EXPECT_EQ(report.problems[1].rule, "folder");
  EXPECT_EQ(report.problems[1].place, "runs/Flow/12345");
  EXPECT_EQ(report.orphan_blobs, 1u);
}

}  // namespace
}  // namespace backlot::verbs
