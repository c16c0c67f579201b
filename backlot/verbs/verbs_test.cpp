// The verbs, over a real catalog and a real store.
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "backlot/client/test_home.h"
#include "backlot/sql/test_raw_sqlite.h"
#include "backlot/verbs/as_json.h"
#include "backlot/verbs/control.h"

namespace backlot::verbs {
namespace {

using client::fan_out_graph;
using client::RunScript;
using client::TestHome;
using Json = nlohmann::json;

Failure failure(std::string message) {
  Failure f;
  f.message = std::move(message);
  f.type = "std::runtime_error";
  return f;
}

// --- logs -----------------------------------------------------------------------------------------------------------

std::string log_of(const TestHome& home, const std::string& spec, LogOptions options = {}) {
  std::string text;
  read_logs(home.client(), Pathspec::parse(spec), options, [&](const LogPiece& p) {
    text += p.step + std::to_string(p.task) + (p.stream == LogStream::err ? "!" : ":") + std::string(p.bytes) + " ";
    return true;
  });
  return text;
}

void write_log(const RunScript& run) {
  LogWriter log(system_files(), run.log_folder());
  log.append(1, 0, LogStream::out, 1, "a");
  log.append(2, 0, LogStream::out, 2, "b");
  log.append(3, 0, LogStream::err, 3, "c");
  log.append(2, 1, LogStream::out, 4, "d");
  log.append(99, 0, LogStream::out, 5, "not yet in the catalog");
  log.flush();
}

TEST(Logs, are_of_a_run_a_step_or_a_task) {
  TestHome home;
  RunScript run(home);
  write_log(run);
  run.task("start", "[]", {}, {}, {16, 49, 1, 0, 0, -1});
  run.task("compute", "[0]", {}, {}, {49, 148, 2, 0, 0, -1});
  run.task("compute", "[1]", {}, {}, {82, 115, 0, 1, 0, -1});
  run.end();
  EXPECT_EQ(log_of(home, "Flow/last"), "start1:a compute2:b compute3!c compute2:d ");
  EXPECT_EQ(log_of(home, "Flow/last/compute"), "compute2:b compute3!c compute2:d ");
  EXPECT_EQ(log_of(home, "Flow/last/compute/[0]"), "compute2:b compute2:d ");
  LogOptions options;
  options.stream = LogStream::err;
  EXPECT_EQ(log_of(home, "Flow/last", options), "compute3!c ");
  options = {};
  options.attempt = 1;
  EXPECT_EQ(log_of(home, "Flow/last/compute", options), "compute2:d ");
  options = {};
  options.follow = true;  // a run that has ended is followed to its end
  EXPECT_EQ(log_of(home, "Flow/last/start", options), "start1:a ");
  EXPECT_THROW(log_of(home, "Flow/last/nothing"), Error);
  EXPECT_THROW(log_of(home, "Flow"), Error);
}

TEST(Logs, of_clones_come_under_their_new_numbers) {
  TestHome home;
  RunScript origin(home);
  write_log(origin);
  origin.task("start", "[]", {}, {}, {16, 49, 1, 0, 0, -1});
  origin.end(RunState::failed);
  RunScript resumed(home, "Flow", fan_out_graph(), {}, origin.row().key);
  resumed.task("end", "[]");
  resumed.clone(origin.row().key, 1);
  resumed.end();
  EXPECT_EQ(log_of(home, resumed.pathspec()), "start2:a ");
  EXPECT_EQ(log_of(home, resumed.pathspec() + "/start"), "start2:a ");
}

// --- tag, cancel ----------------------------------------------------------------------------------------------------

TEST(Control, a_live_run_is_asked_and_an_ended_one_is_changed) {
  TestHome home;
  RunScript run(home);
  Pathspec last = Pathspec::parse("Flow/last");
  EXPECT_EQ(tag(home.client(), last, {"good"}, {"bad"}), Done::requested);
  cancel(home.client(), last);
  auto requests = home.catalog().requests(run.row().key);
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].kind + " " + requests[0].argument, "tag good");
  EXPECT_EQ(requests[1].kind + " " + requests[1].argument, "untag bad");
  EXPECT_EQ(requests[2].kind, "cancel");
  EXPECT_EQ(requests[2].user, current_user());
  run.end();
  EXPECT_EQ(tag(home.client(), last, {"good", "new"}, {}), Done::now);
  EXPECT_EQ(tag(home.client(), last, {}, {"new"}), Done::now);
  EXPECT_EQ(home.client().run(last).row().tags, std::vector<std::string>{"good"});
}

TEST(Control, what_makes_no_sense_is_refused) {
  TestHome home;
  RunScript run(home);
  auto code = [&](auto&& act) {
    try {
      act();
    } catch (const Error& e) { return e.code(); }
    return ErrorCode::internal;
  };
  Pathspec last = Pathspec::parse("Flow/last"), task = Pathspec::parse("Flow/last/start");
  EXPECT_EQ(code([&] { tag(home.client(), last, {""}, {}); }), ErrorCode::usage);
  EXPECT_EQ(code([&] { tag(home.client(), last, {"a\nb"}, {}); }), ErrorCode::usage);
  EXPECT_EQ(code([&] { tag(home.client(), last, {std::string(200, 'x')}, {}); }), ErrorCode::usage);
  EXPECT_EQ(code([&] { tag(home.client(), task, {"a"}, {}); }), ErrorCode::usage);
  EXPECT_EQ(code([&] { cancel(home.client(), task); }), ErrorCode::usage);
  run.end();
  EXPECT_EQ(code([&] { cancel(home.client(), last); }), ErrorCode::conflict);
}

TEST(Control, a_lost_run_is_cancelled_at_once) {
  TestHome home;
  RunScript run(home);
  run.task("start", "[]");
  home.clock.time += 60'000'000;  // nobody holds its lease
  cancel(home.client(), Pathspec::parse("Flow/last"));
  RunRow row = home.client().run(Pathspec::parse("Flow/last")).row();
  EXPECT_EQ(row.state, RunState::cancelled);
  EXPECT_EQ(row.failure, "cancelled by " + current_user());
  EXPECT_EQ(row.tasks_done, 1);
}

// --- show, diff -----------------------------------------------------------------------------------------------------

TEST(Show, a_run_with_its_failures) {
  TestHome home;
  RunScript run(home, "Flow", fan_out_graph(), {home.value("limit", std::int64_t{7})});
  run.task("start", "[]");
  for (int i = 0; i < 15; ++i)
    run.task("compute", "[" + std::to_string(i) + "]", {}, failure("no " + std::to_string(i)));
  run.end(RunState::failed);
  RunDetails details = show_run(home.client(), Pathspec::parse("Flow/last"));
  ASSERT_EQ(details.failed.size(), 10u);
  EXPECT_EQ(details.failed[0].attempts.at(0).manifest->failure->message, "no 0");
  Json json = Json::parse(as_json(details));
  EXPECT_EQ(json["state"], "failed");
  EXPECT_EQ(json["parameters"][0]["value"], 7);
  EXPECT_EQ(json["steps"][1]["failed"], 15);
  EXPECT_EQ(json["failed"][9]["attempt_list"][0]["failure"]["message"], "no 9");
}

TEST(Show, a_resumed_run_names_the_run_that_it_goes_on_with) {
  TestHome home;
  RunScript first(home, "Flow", fan_out_graph());
  first.end(RunState::failed);
  RunScript second(home, "Flow", fan_out_graph(), {}, first.row().key);
  second.end();
  EXPECT_EQ(Json::parse(as_json(show_run(home.client(), Pathspec::parse("Flow/last"))))["origin"], first.pathspec());
  EXPECT_FALSE(Json::parse(as_json(show_run(home.client(), Pathspec::parse(first.pathspec())))).contains("origin"));
}

TEST(Diff, tells_what_went_in_what_came_out_and_how_long_it_took) {
  TestHome home;
  auto write = [&](std::int64_t limit, std::vector<double> medians) {
    RunScript run(home, "Flow", fan_out_graph(), {home.value("limit", limit), home.value("name", std::string("x"))});
    run.task("start", "[]", {home.value("same", std::string(100'000, 's'))});
    for (std::size_t i = 0; i < medians.size(); ++i) {
      run.task("compute", "[" + std::to_string(i) + "]", {home.value("median", medians[i])});
    }
    run.end();
    return Pathspec::parse(run.pathspec());
  };
  Pathspec a = write(7, {1.5, 2.5}), b = write(8, {1.5, 3.5, 4.5});
  RunDifference d = diff(home.client(), a, b);
  ASSERT_EQ(d.parameters.size(), 1u);
  EXPECT_EQ(d.parameters[0].name, "limit");
  ASSERT_EQ(d.artifacts.size(), 2u);
  EXPECT_EQ(d.artifacts[0].place, "compute/[1]");
  EXPECT_TRUE(d.artifacts[0].a && d.artifacts[0].b);
  EXPECT_EQ(d.artifacts[1].place, "compute/[2]");
  EXPECT_FALSE(d.artifacts[1].a);
  EXPECT_EQ(d.same_artifacts, 2);
  ASSERT_EQ(d.steps.size(), 2u);
  EXPECT_EQ(d.steps[1].a_tasks, 2);
  EXPECT_EQ(d.steps[1].b_busy, 3'000'000);
  RunDifference none = diff(home.client(), a, a);
  EXPECT_TRUE(none.parameters.empty() && none.artifacts.empty());
  EXPECT_TRUE(Json::parse(as_json(d)).is_object());
}

// --- doctor ---------------------------------------------------------------------------------------------------------

TEST(Doctor, looks_and_makes_nothing) {
  std::string nowhere = testing::TempDir() + "backlot-no-such-home/deeper";
  auto checks = doctor(Home{nowhere});
  EXPECT_FALSE(std::filesystem::exists(nowhere));
  auto home = std::find_if(checks.begin(), checks.end(), [](auto& f) { return f.name == "home"; });
  ASSERT_NE(home, checks.end());
  EXPECT_EQ(home->value, nowhere + " (made by the first run)");
  EXPECT_EQ(Json::parse(as_json(checks)).size(), checks.size());
}

TEST(Doctor, says_who_may_look_into_the_home) {
  const std::string root = testing::TempDir() + "doctor-access." + std::to_string(getpid());
  make_home({root});
  auto advice = [&](mode_t mode) {
    EXPECT_EQ(chmod(root.c_str(), mode), 0);
    for (const HealthCheck& f : doctor(Home{root}))
      if (f.name == "access") return f.advice;
    return std::string("no such finding");
  };
  EXPECT_EQ(advice(0700), "");
  EXPECT_EQ(advice(02770), "");
  for (mode_t open : {0755, 0750, 02775, 0777, 0701})
    EXPECT_NE(advice(open).find("chmod 700"), std::string::npos) << open;
  std::filesystem::remove_all(root);
}

TEST(Upgrade, completes_runs_that_have_ended_and_names_those_it_cannot_read) {
  TestHome home;
  RunScript done(home), live(home), broken(home, "Broken", Graph{});
  for (RunScript* run : {&done, &live, &broken}) {
    run->task("start", "[]");
    run->task("compute", "[0]");
  }
  done.end();
  broken.end();
  const std::string damage = "UPDATE graph SET bytes=x'0102' WHERE id=(SELECT graph FROM definition WHERE run=" +
                             std::to_string(broken.row().key.value()) + ")";
  raw_sql(home.home().catalog(), damage);
  UpgradeReport report = upgrade(home.client(), [](std::size_t, std::size_t) {});
  EXPECT_EQ(report.runs, 1u);
  EXPECT_EQ(report.tasks, 2u);
  EXPECT_EQ(report.live, 1u);
  ASSERT_EQ(report.failed.size(), 1u);
  EXPECT_EQ(report.failed[0].find("Broken/"), 0u);
  EXPECT_EQ(home.catalog().task(done.row().key, 2)->parents, 1);
  EXPECT_EQ(upgrade(home.client(), [](std::size_t, std::size_t) {}).runs, 0u);
}

}  // namespace
}  // namespace backlot::verbs
