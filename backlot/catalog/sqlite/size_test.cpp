// How much a trivial task takes: the catalog must stay small where runs have many.
#include <gtest/gtest.h>

#include "backlot/catalog/sqlite/open.h"
#include "backlot/catalog/test_rows.h"
#include "backlot/sql/test_raw_sqlite.h"

namespace backlot {
namespace {

TEST(Size, a_trivial_task_takes_at_most_400_bytes) {
  constexpr std::int64_t tasks = 100'000, batch = 5'000;
  TestFolder folder;
  auto catalog = open_sqlite_catalog(folder.file());
  Lease lease = catalog->create_run(test_run(), "a").second;
  for (std::int64_t first = 1; first <= tasks; first += batch) {
    // Each is announced before it runs, and finished by a later commit, as the scheduler does.
    Commit announced = test_commit(lease), finished = test_commit_of(lease, first, batch);
    for (std::int64_t n = first; n < first + batch; ++n) announced.tasks.push_back(test_task(n, TaskState::running));
    for (AttemptRow& attempt : finished.attempts) attempt.manifest.resize(60, 'm');
    catalog->commit(announced);
    catalog->commit(finished);
  }
  std::int64_t bytes = 4096 * std::stoll(raw_sql(folder.file(), "PRAGMA page_count"));
  EXPECT_LE(bytes / tasks, 400);
  RecordProperty("bytes_per_task", static_cast<int>(bytes / tasks));
}

}  // namespace
}  // namespace backlot
