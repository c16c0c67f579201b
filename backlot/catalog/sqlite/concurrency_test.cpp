// Writers and readers at once, and processes that are killed.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <random>
#include <thread>

#include "backlot/catalog/sqlite/open.h"
#include "backlot/catalog/test_rows.h"

namespace backlot {
namespace {

constexpr std::int64_t batch = 25;

/// What any reader must see at any moment: whole batches, and events without gaps.
void expect_whole(Catalog& catalog, RunKey key) {
  RunRow run = catalog.run(key).value();
  ASSERT_EQ(run.tasks % batch, 0);
  ASSERT_EQ(run.tasks, run.tasks_done);
  ASSERT_EQ(run.events, run.tasks);
  std::vector<TaskRow> changed = catalog.changes(key, 0, 100'000);
  ASSERT_GE(changed.size(), static_cast<std::size_t>(run.events));
  ASSERT_EQ(changed.size() % batch, 0u);
  for (std::size_t i = 0; i < changed.size(); ++i) ASSERT_EQ(changed[i].event, static_cast<std::int64_t>(i + 1));
}

TEST(Concurrency, writers_of_several_runs_and_readers_see_whole_commits) {
  TestFolder folder;
  open_sqlite_catalog(folder.file());
  std::atomic<int> writing{3};
  std::atomic<std::int64_t> looks{0};
  std::vector<std::jthread> threads;
  for (int w = 0; w < 3; ++w) {
    threads.emplace_back([&] {
      auto catalog = open_sqlite_catalog(folder.file());
      Lease lease = catalog->create_run(test_run(), "a").second;
      for (std::int64_t i = 0; i < 40; ++i) catalog->commit(test_commit_of(lease, 1 + i * batch, batch));
      --writing;
    });
  }
  for (int r = 0; r < 2; ++r) {
    threads.emplace_back([&] {
      auto catalog = open_sqlite_catalog(folder.file());
      do {
        for (const RunRow& run : catalog->runs({})) expect_whole(*catalog, run.key);
        ++looks;
      } while (writing > 0);
    });
  }
  threads.clear();
  EXPECT_GT(looks, 0);
  auto catalog = open_sqlite_catalog(folder.file());
  auto runs = catalog->runs({});
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_NE(runs[0].run_id, runs[1].run_id);
  for (const RunRow& run : runs) EXPECT_EQ(run.tasks_done, 40 * batch);
  EXPECT_TRUE(catalog->check().empty());
}

std::chrono::microseconds random_pause() {
  static std::mt19937_64 random(11);
  return std::chrono::microseconds(random() % 3000);
}

TEST(Concurrency, many_open_a_new_catalog_at_once) {
  for (int round = 0; round < 200; ++round) {  // somebody looks while the first one makes it
    TestFolder folder;
    std::vector<std::string> ids(8);
    {
      std::vector<std::jthread> threads;
      for (std::string& id : ids) {
        threads.emplace_back([&, pause = random_pause()] {
          std::this_thread::sleep_for(pause);
          try {
            id = open_sqlite_catalog(folder.file())->id();
          } catch (const Error& e) { id = e.what(); }
        });
      }
    }
    for (const std::string& id : ids) ASSERT_EQ(id, ids[0]);
    ASSERT_EQ(ids[0].size(), 32u);
  }
}

/// Takes the lease and commits batch after batch until killed; tells each that is durable.
[[noreturn]] void commit_until_killed(const std::string& path, RunKey run, int told) {
  try {
    auto catalog = open_sqlite_catalog(path);
    Lease lease = catalog->take_lease(run, "life", 1);
    for (std::int64_t tasks = catalog->run(run)->tasks;; tasks += batch) {
      Commit commit = test_commit_of(lease, 1 + tasks, batch);
      commit.tasks[0].note.assign(100'000, 'x');  // so that checkpoints fall due
      catalog->commit(commit);
      std::int64_t total = tasks + batch;
      if (::write(told, &total, sizeof total) != sizeof total) ::_exit(3);
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    ::_exit(2);
  }
}

TEST(Concurrency, a_killed_process_loses_no_acknowledged_commit) {
  TestFolder folder;
  RunKey run = open_sqlite_catalog(folder.file())->create_run(test_run(), "a").first.key;
  std::mt19937_64 random(7);
  std::int64_t acknowledged = 0;
  for (int life = 0; life < 15; ++life) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    pid_t child = ::fork();
    if (child == 0) commit_until_killed(folder.file(), run, ends[1]);
    ::close(ends[1]);
    std::int64_t total = 0;
    ASSERT_EQ(::read(ends[0], &total, sizeof total), static_cast<ssize_t>(sizeof total)) << "it made no commit";
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 40'000));
    ::kill(child, SIGKILL);
    do acknowledged = std::max(acknowledged, total);
    while (::read(ends[0], &total, sizeof total) == sizeof total);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));

    auto catalog = open_sqlite_catalog(folder.file());
    std::int64_t found = catalog->run(run)->tasks;
    EXPECT_GE(found, acknowledged);
    EXPECT_LE(found, acknowledged + batch) << "at most the commit in flight";
    expect_whole(*catalog, run);
    EXPECT_TRUE(catalog->check().empty());
  }
}

}  // namespace
}  // namespace backlot
