// What every catalog does with tasks and attempts.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "backlot/catalog/test_catalog_contract.h"
#include "backlot/catalog/test_rows.h"

namespace backlot {
namespace {

std::vector<std::int64_t> numbers(const std::vector<TaskRow>& rows) {
  std::vector<std::int64_t> found;
  for (const TaskRow& row : rows) found.push_back(row.number);
  return found;
}
using Numbers = std::vector<std::int64_t>;

TEST_P(TasksContract, groups_of_failures_and_the_rest_add_up) {
  Commit commit = test_commit(lease_);
  std::int64_t number = 0;
  auto fail = [&](const std::string& signature, int times) {
    while (times--) {
      commit.tasks.push_back(test_task(++number, TaskState::failed));
      if (signature.empty()) continue;  // it never came to an attempt
      commit.attempts.push_back(test_attempt(number, 0, TaskState::failed));
      commit.attempts.back().failure_signature = signature;
    }
  };
  fail("a", 2);
  fail("b", 5);
  fail("c", 3);
  fail("", 1);
  commit.tasks.push_back(test_task(++number, TaskState::done));
  catalog_->commit(commit);
  FailureGroups found = catalog_->failures(run_.key, 2);
  ASSERT_EQ(found.groups.size(), 2U);
  EXPECT_EQ(found.groups[0].signature, "b");
  EXPECT_EQ(found.groups[0].tasks, 5);
  EXPECT_EQ(found.groups[0].first_task, 3);
  EXPECT_EQ(found.groups[1].signature, "c");
  EXPECT_EQ(found.all_groups, 4);
  EXPECT_EQ(found.all_tasks, 11);
}

TEST_P(TasksContract, every_field_is_read_back) {
  TaskRow task = test_task(17, TaskState::running);
  task.path = std::string("\x11\x03\x22\0\xff", 5);
  task.label = "drama ü";
  task.attempts = 3;
  task.waiting = "pool gpu";
  task.progress = 0.25;
  task.note = "epoch 3";
  task.origin = RunKey{12};
  task.origin_task = 34;
  AttemptRow attempt = test_attempt(17, 2, TaskState::failed);
  attempt.usage.source = Usage::Source::cgroup;
  attempt.log = {1, 2, 3, 4, 5, 6};
  attempt.failure_signature = "exception|a.py:3|77aa";
  attempt.manifest += std::string(5000, '\0');  // does not fit on a page
  Commit commit = test_commit(lease_);
  commit.tasks = {task};
  commit.attempts = {attempt};
  commit.metadata = {{17, 2, "pod", "p-1"}, {17, 2, "pod", "p-2"}, {0, 0, "cluster", "c"}};
  catalog_->commit(commit);

  task.event = 1;
  EXPECT_EQ(catalog_->task(run_.key, 17), task);
  EXPECT_EQ(catalog_->task(run_.key, "compute", task.path), task);
  EXPECT_EQ(catalog_->attempts(run_.key, 17), std::vector{attempt});
  auto metadata = catalog_->metadata(run_.key, 17);
  ASSERT_EQ(metadata.size(), 1u);
  EXPECT_EQ(metadata[0].attempt, 2);
  EXPECT_EQ(metadata[0].key, "pod");
  EXPECT_EQ(metadata[0].value, "p-2") << "the later one of a key holds";
  ASSERT_EQ(catalog_->metadata(run_.key, 0).size(), 1u);
  EXPECT_EQ(catalog_->metadata(run_.key, 0)[0].value, "c");
  EXPECT_FALSE(catalog_->task(run_.key, 18));
  EXPECT_FALSE(catalog_->task(run_.key, "compute", "\x11\x04"));
  EXPECT_FALSE(catalog_->task(run_.key, "nowhere", task.path));
}

TEST_P(TasksContract, counters_and_events_follow_every_change) {
  Commit commit = test_commit(lease_, 5);
  for (int n = 1; n <= 4; ++n) commit.tasks.push_back(test_task(n, TaskState::ready));
  catalog_->commit(commit);
  EXPECT_EQ(catalog_->run(run_.key)->events, 4);
  EXPECT_EQ(catalog_->run(run_.key)->tasks, 4);
  EXPECT_EQ(catalog_->run(run_.key)->heartbeat, 5);

  commit.tasks = {test_task(1, TaskState::running), test_task(2, TaskState::failed), test_task(3)};
  commit.attempts = {test_attempt(2, 0, TaskState::failed), test_attempt(3)};
  catalog_->commit(commit);
  commit.tasks = {test_task(2, TaskState::ready), test_task(1), test_task(1, TaskState::failed)};
  commit.attempts.clear();
  catalog_->commit(commit);
  RunRow run = *catalog_->run(run_.key);
  EXPECT_EQ(run.events, 10);
  EXPECT_EQ(run.tasks, 4);
  EXPECT_EQ(run.tasks_done, 1);
  EXPECT_EQ(run.tasks_failed, 1);
  ASSERT_EQ(catalog_->steps(run_.key).size(), 1u);
  StepRow step = catalog_->steps(run_.key)[0];
  EXPECT_EQ(step.tasks, 4);
  EXPECT_EQ(step.done, 1);
  EXPECT_EQ(step.failed, 1);
  EXPECT_EQ(step.running, 0);
  EXPECT_EQ(numbers(catalog_->changes(run_.key, 0, 9)), (Numbers{4, 3, 2, 1}));
  EXPECT_EQ(numbers(catalog_->changes(run_.key, 7, 9)), (Numbers{2, 1}));
  EXPECT_EQ(numbers(catalog_->changes(run_.key, 0, 1)), (Numbers{4}));
  EXPECT_TRUE(catalog_->changes(run_.key, 10, 9).empty());
  EXPECT_EQ(catalog_->task(run_.key, 1)->event, 10);
  EXPECT_TRUE(catalog_->check().empty()) << testing::PrintToString(catalog_->check()[0].message);
}

TEST_P(TasksContract, are_paged_by_step_and_number) {
  Commit commit = test_commit(lease_);
  commit.tasks = {test_task(1, TaskState::ready, "start"), test_task(5, TaskState::ready, "end")};
  for (int n : {2, 3, 4, 6}) commit.tasks.push_back(test_task(n, TaskState::ready));
  catalog_->commit(commit);
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, "", 0, 100)), (Numbers{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, "", 2, 2)), (Numbers{3, 4}));
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, "compute", 0, 100)), (Numbers{2, 3, 4, 6}));
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, "compute", 3, 100)), (Numbers{4, 6}));
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, "compute", 3, 1)), (Numbers{4}));
  EXPECT_TRUE(catalog_->tasks(run_.key, "nowhere", 0, 100).empty());
  EXPECT_TRUE(catalog_->tasks(RunKey(run_.key.value() + 1), "", 0, 100).empty());
}

TEST_P(TasksContract, are_listed_by_what_is_asked_and_the_unknown_last) {
  Commit commit = test_commit(lease_);
  const std::int64_t took[] = {30, 10, 0, 20, 10};  // the third has not ended
  for (std::int64_t n = 1; n <= 5; ++n) {
    TaskRow task = test_task(n);
    task.ready = 1000;
    task.started = 1000 + 10 * n;
    task.ended = took[n - 1] ? task.started + took[n - 1] : 0;
    commit.tasks.push_back(task);
  }
  catalog_->commit(commit);
  TaskFilter filter;
  filter.order = TaskOrder::took;
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, filter, 9)), (Numbers{2, 5, 4, 1, 3}));
  filter.descending = true;
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, filter, 9)), (Numbers{1, 4, 2, 5, 3}));
  filter.skip = 1;
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, filter, 2)), (Numbers{4, 2}));
  filter = {};
  filter.order = TaskOrder::waited;
  filter.descending = true;
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, filter, 2)), (Numbers{5, 4}));
  filter.order = TaskOrder::number;
  EXPECT_EQ(numbers(catalog_->tasks(run_.key, filter, 2)), (Numbers{5, 4}));
  for (TaskOrder order :
       {TaskOrder::step, TaskOrder::state, TaskOrder::label, TaskOrder::attempts, TaskOrder::started}) {
    filter.order = order;
    EXPECT_EQ(catalog_->tasks(run_.key, filter, 9).size(), 5u);
  }
}

TEST_P(TasksContract, steps_come_in_order_of_their_first_task_with_their_times) {
  Commit commit = test_commit(lease_);
  commit.tasks = {test_task(2, TaskState::done, "a later name"), test_task(1, TaskState::done, "z"),
                  test_task(3, TaskState::running, "z")};
  commit.attempts = {test_attempt(2), test_attempt(1)};
  catalog_->commit(commit);
  auto steps = catalog_->steps(run_.key);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].step, "z");
  EXPECT_EQ(steps[0].running, 1);
  EXPECT_EQ(steps[0].first_started, test_task(1).started);
  EXPECT_EQ(steps[0].last_ended, test_task(1).ended);
  EXPECT_EQ(steps[1].step, "a later name");
}

TEST_P(TasksContract, a_commit_is_all_or_nothing) {
  catalog_->commit(test_commit_of(lease_, 1, 1));
  auto refused = [&](const Commit& commit) { return code_from([&] { catalog_->commit(commit); }); };
  Commit orphan = test_commit_of(lease_, 2, 1);
  orphan.attempts.push_back(test_attempt(99));
  EXPECT_EQ(refused(orphan), ErrorCode::invalid);
  Commit twin = test_commit_of(lease_, 2, 1);
  twin.tasks.push_back(test_task(3));
  twin.tasks[1].path = twin.tasks[0].path;
  EXPECT_EQ(refused(twin), ErrorCode::exists);
  Commit changed = test_commit_of(lease_, 2, 1);
  changed.tasks.push_back(test_task(1, TaskState::done, "a new step"));
  EXPECT_EQ(refused(changed), ErrorCode::invalid);
  EXPECT_FALSE(catalog_->task(run_.key, 2));
  EXPECT_EQ(catalog_->run(run_.key)->events, 1);
  // The name that was rolled back is interned again under whatever number comes.
  catalog_->commit(test_commit_of(lease_, 2, 1));
  Commit named = test_commit(lease_);
  named.tasks = {test_task(3, TaskState::ready, "another"), test_task(4, TaskState::ready, "a new step")};
  catalog_->commit(named);
  EXPECT_EQ(catalog_->task(run_.key, 4)->step, "a new step");
  EXPECT_TRUE(catalog_->check().empty());
}

TEST_P(TasksContract, each_finished_visits_last_attempts_by_number) {
  constexpr int count = 700;  // several pages
  Commit commit = test_commit_of(lease_, 1, count);
  for (int n = 1; n <= count; n += 7) commit.tasks[static_cast<std::size_t>(n - 1)].state = TaskState::running;
  commit.tasks[1].state = TaskState::failed;
  commit.attempts.push_back(test_attempt(2, 10));
  commit.attempts.push_back(test_attempt(2, 9));
  std::reverse(commit.tasks.begin(), commit.tasks.end());
  catalog_->commit(commit);
  Numbers visited;
  catalog_->each_finished(run_.key, [&](const TaskRow& task, const AttemptRow& attempt) {
    visited.push_back(task.number);
    EXPECT_EQ(attempt.task, task.number);
    EXPECT_EQ(attempt.attempt, task.number == 2 ? 10 : 0);
    EXPECT_EQ(attempt.manifest, test_manifest(task.number));
    if (task.number == 2) {  // a visitor may use the catalog
      catalog_->each_finished(run_.key, [](const TaskRow&, const AttemptRow&) {});
      catalog_->set_note("seen", "2");
    }
  });
  EXPECT_EQ(visited.size(), 600u);
  EXPECT_TRUE(std::is_sorted(visited.begin(), visited.end()));
  EXPECT_EQ(visited.front(), 2);
}

TEST_P(TasksContract, of_steps_that_are_passed_over_are_not_visited) {
  Commit commit = test_commit_of(lease_, 1, 5);
  for (TaskRow& task : commit.tasks)
    if (task.number % 2) task.step = "other";
  catalog_->commit(commit);
  auto visited = [&](const std::vector<std::string>& but) {
    std::vector<std::int64_t> numbers;
    catalog_->each_finished(
        run_.key, [&](const TaskRow& task, const AttemptRow&) { numbers.push_back(task.number); }, but);
    return numbers;
  };
  EXPECT_EQ(visited({}), (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(visited({"other"}), (std::vector<std::int64_t>{2, 4}));
  EXPECT_EQ(visited({"nobody", "compute"}), (std::vector<std::int64_t>{1, 3, 5}));
}

TEST_P(ClonesContract, carry_everything_and_say_where_they_ran) {
  auto [key, lease] = clone(run_.key, {{3, 1}, {2, 2}});
  TaskRow expected = *catalog_->task(run_.key, 3);
  expected.number = 1;
  expected.origin = run_.key;
  expected.origin_task = 3;
  expected.event = 1;
  expected.parents = 0;
  EXPECT_EQ(catalog_->task(key, 1), expected);
  auto attempts = catalog_->attempts(run_.key, 2);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(catalog_->attempts(key, 2), attempts);
  EXPECT_EQ(catalog_->metadata(key, 1)[0].value, "p");
  RunRow run = *catalog_->run(key);
  EXPECT_EQ(run.tasks, 2);
  EXPECT_EQ(run.tasks_done, 2);
  EXPECT_EQ(run.events, 2);
  EXPECT_EQ(catalog_->steps(key)[0].done, 2);
  EXPECT_EQ(catalog_->steps(key)[0].first_started, 0) << "nothing of it ran in this run";
  EXPECT_TRUE(catalog_->check().empty());
}

TEST_P(ClonesContract, of_clones_name_the_run_that_executed_them_and_outlive_it) {
  auto [second, second_lease] = clone(run_.key, {{3, 8}});
  auto [third, third_lease] = clone(second, {{8, 9}});
  end_run(*catalog_, lease_);
  catalog_->remove_runs({run_.key});
  TaskRow task = *catalog_->task(third, 9);
  EXPECT_EQ(task.origin, run_.key);
  EXPECT_EQ(task.origin_task, 3);
  ASSERT_EQ(catalog_->attempts(third, 9).size(), 1u);
  EXPECT_EQ(catalog_->attempts(third, 9)[0].manifest, test_manifest(3));
  EXPECT_TRUE(catalog_->check().empty());
}

TEST_P(ClonesContract, of_unfinished_tasks_are_refused) {
  EXPECT_EQ(code_from([&] { clone(run_.key, {{1, 1}, {5, 2}}); }), ErrorCode::invalid);
  EXPECT_EQ(code_from([&] { clone(run_.key, {{1, 1}, {99, 2}}); }), ErrorCode::invalid);
  EXPECT_TRUE(catalog_->check().empty());
}

TEST_P(TasksContract, are_found_by_the_key_of_the_step_cache) {
  auto places = [&](const char* key, RunKey but, std::size_t limit) {
    std::vector<std::pair<RunKey, std::int64_t>> found;
    for (const CachedTask& c : catalog_->cached(sha256(key), but, limit)) found.emplace_back(c.run, c.task.number);
    return found;
  };
  using Places = std::vector<std::pair<RunKey, std::int64_t>>;
  Commit commit = test_commit_of(lease_, 1, 4);
  commit.cache = {{1, sha256("a")}, {2, sha256("b")}, {3, sha256("a")}};
  catalog_->commit(commit);
  EXPECT_EQ(places("a", no_run, 10), (Places{{run_.key, 3}, {run_.key, 1}})) << "newest first";
  EXPECT_EQ(places("a", no_run, 1), (Places{{run_.key, 3}}));
  EXPECT_EQ(places("a", run_.key, 10), Places());
  EXPECT_EQ(places("c", no_run, 10), Places());
  EXPECT_EQ(catalog_->cached(sha256("b"), no_run, 1).at(0).task, catalog_->task(run_.key, 2).value());
  end_run(*catalog_, lease_);

  auto [resumed, lease] = catalog_->create_run(test_run(), "b");
  Commit clones = test_commit(lease);
  clones.clone_from = run_.key;
  clones.clones = {{1, 7}, {4, 8}};
  catalog_->commit(clones);
  EXPECT_EQ(places("a", no_run, 10), (Places{{resumed.key, 7}, {run_.key, 3}})) << "of one execution only the newest";
  end_run(*catalog_, lease);
  catalog_->remove_runs({run_.key});
  EXPECT_EQ(places("a", no_run, 10), (Places{{resumed.key, 7}})) << "a clone outlives its origin";
  EXPECT_EQ(places("b", no_run, 10), Places());
  EXPECT_TRUE(catalog_->check().empty());
}

TEST_P(TasksContract, have_no_key_before_they_are_there) {
  Commit commit = test_commit_of(lease_, 1, 1);
  commit.cache = {{2, sha256("a")}};
  EXPECT_EQ(code_from([&] { catalog_->commit(commit); }), ErrorCode::invalid);
  EXPECT_FALSE(catalog_->task(run_.key, 1));
}

TEST_P(DurabilityContract, of_a_commit_are_there_when_power_fails_after_it) {
  catalog_->commit(test_commit_of(lease_, 1, 10));
  catalog_.reset();
  place_->lose_power();
  catalog_ = place_->open();
  EXPECT_EQ(catalog_->run(run_.key)->tasks_done, 10);
  EXPECT_EQ(catalog_->tasks(run_.key, "", 0, 100).size(), 10u);
  EXPECT_TRUE(catalog_->check().empty());
}

TEST_P(TasksContract, of_a_commit_are_seen_all_or_none) {
  auto reader = place_->open();
  for (std::int64_t done = 0; done < 50; done += 10) {
    EXPECT_EQ(reader->run(run_.key)->tasks, done);
    EXPECT_EQ(reader->tasks(run_.key, "", 0, 100).size(), static_cast<std::size_t>(done));
    catalog_->commit(test_commit_of(lease_, 1 + done, 10));
  }
}

TEST_P(TasksContract, have_events_without_gaps) {
  std::int64_t last = catalog_->run(run_.key)->events;
  for (int round = 0; round < 20; ++round) {
    Commit commit = test_commit(lease_);
    for (std::int64_t number = 1 + round % 3; number <= 6; number += 1 + round % 2)
      commit.tasks.push_back(test_task(number, round % 4 ? TaskState::running : TaskState::ready));
    catalog_->commit(commit);
    Numbers events;
    for (const TaskRow& row : catalog_->changes(run_.key, last, 100)) events.push_back(row.event);
    Numbers expected(commit.tasks.size());
    std::iota(expected.begin(), expected.end(), last + 1);
    EXPECT_EQ(events, expected) << "round " << round;
    last = catalog_->run(run_.key)->events;
    EXPECT_EQ(last, expected.back()) << "round " << round;
  }
}

}  // namespace
}  // namespace backlot
