// What tasks are given to start with. Keeps what has arrived at joins that are not complete yet, and makes of that and
// of the plan's tokens the frames that go to the runner.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backlot/engine/branch_table.h"
#include "backlot/engine/plan.h"
#include "backlot/flow/task_frame.h"
#include "backlot/value/saver.h"

namespace backlot {

/// The items of the foreachs around a token, outermost first.
std::vector<ForeachItem> items_around(const Graph& graph, const Token& token);

class Frames {
 public:
  /// `scratch`: folder for what arrives at wide joins; made when needed. `lists`: where small items of foreachs are
  /// looked up; all but the scratch folder's name are referred to.
  Frames(Files& files, std::string scratch, RunIdentity run, const Graph& graph, BlobReader& lists);

  /// Attempt 0 of the task `number` that stands at `token`. For a join the frame may name a file, which lives until
  /// the join was followed.
  TaskFrame frame_of(const Token& token, std::int64_t number);

  /// Moves the plan on, as Plan::finished does, and keeps what arrives at a join.
  Plan::Advance follow(Plan& plan, Token token, std::int64_t number, const Manifest& manifest, bool ran);

 private:
  void look_up(ForeachItem& item);

  Files& files_;
  std::string scratch_;
  RunIdentity run_;
  const Graph& graph_;
  ValueLoader lists_;
  std::map<std::uint64_t, BranchTable> tables_;  // by OpenFanOut::table
  std::uint64_t next_table_ = 1;
};

}  // namespace backlot
