// What every catalog must do, whatever it is kept in: the suites of *_contract_test.cpp. An implementation runs them by
//   INSTANTIATE_TEST_SUITE_P(Mine, RunsContract, testing::Values(my_place));  and so on for each suite.
// In short: a write carries run and fence, and one that is fenced off fails as lease_lost and writes nothing; a commit
// is atomic, and durable when it returns; readers see no part of one; the events of a run are numbered without gaps.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "backlot/catalog/test_rows.h"

namespace backlot {

/// Where a catalog can be opened, by several at once, and again after power has failed.
class CatalogPlace {
 public:
  virtual ~CatalogPlace() = default;
  virtual std::unique_ptr<Catalog> open() = 0;
  /// All that is not durable is gone; nobody has the catalog open. For DurabilityContract alone.
  virtual void lose_power() { throw Error(ErrorCode::unsupported, "this place cannot lose power"); }
};
using MakePlace = std::unique_ptr<CatalogPlace> (*)();

class CatalogContract : public testing::TestWithParam<MakePlace> {
 protected:
  std::unique_ptr<CatalogPlace> place_ = GetParam()();
  std::unique_ptr<Catalog> catalog_ = place_->open();
};

/// Beginning, lease, requests, tags, notes, listing and removal.
class RunsContract : public CatalogContract {};

/// What domains keep.
class PinsContract : public CatalogContract {};

/// Commits, and what is read of them.
class TasksContract : public CatalogContract {
 protected:
  TasksContract() { std::tie(run_, lease_) = catalog_->create_run(test_run(), "a"); }
  RunRow run_;
  Lease lease_;
};

/// The same, in places that can lose power.
class DurabilityContract : public TasksContract {};

/// Tasks that another run takes over: four that are done, one of them at its second attempt, and one that runs.
class ClonesContract : public TasksContract {
 protected:
  ClonesContract() {
    Commit commit = test_commit_of(lease_, 1, 5);
    commit.tasks[4] = test_task(5, TaskState::running);
    commit.attempts.pop_back();
    commit.attempts.push_back(test_attempt(2, 1));
    commit.metadata = {{3, 0, "pod", "p"}};
    catalog_->commit(commit);
  }
  std::pair<RunKey, Lease> clone(RunKey from, std::vector<Commit::Clone> clones) {
    auto [run, lease] = catalog_->create_run(test_run(), "b");
    Commit commit = test_commit(lease);
    commit.clone_from = from;
    commit.clones = std::move(clones);
    catalog_->commit(commit);
    return {run.key, lease};
  }
};

}  // namespace backlot
