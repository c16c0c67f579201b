// What a runner is told about one task: who it is and the resolved references of its inputs. A task process opens no
// catalog; all it knows is in here (docs/formats/frame.md).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/flow/graph.h"
#include "backlot/flow/index_path.h"
#include "backlot/value/item.h"
#include "backlot/value/manifest.h"

namespace backlot {

/// What all tasks of a run share.
struct RunIdentity {
  std::string flow;
  std::int64_t run = 0;         ///< the run id
  std::int64_t origin_run = 0;  ///< 0: none
  bool operator==(const RunIdentity&) const = default;
};

/// An item of a foreach around the task.
struct ForeachItem {
  NodeId foreach = no_node;
  std::uint64_t index = 0;
  Reference list;  ///< as it was when the foreach began
  /// The item itself, inlined, where it is small: then nobody has to open the list for it.
  std::optional<Reference> item{};
  bool operator==(const ForeachItem&) const = default;
};

/// The item itself, handed over or looked up in its list. Throws Error as item_of does.
Reference item_of(const ForeachItem& item, ValueLoader& loader);

struct TaskFrame {
  RunIdentity run;
  NodeId node = no_node;
  IndexPath path;
  std::int64_t number = 0;        ///< the task's dense number in its run
  std::uint64_t range = 1;        ///< more than 1: also for as many items of the innermost foreach that follow this one
  std::int32_t attempt = 0;       ///< from 0
  std::uint64_t seed = 0;         ///< from run, step and path: the same for every attempt
  std::optional<Failure> caught;  ///< set: the last attempt failed so; do not run the code, fill catch_into and go on
  std::vector<NamedReference> scope;  ///< all it can see, parameters included, sorted by name
  std::vector<ForeachItem> items;     ///< outermost first
  /// Joins: where the branches are. Either `branches` holds the table itself or `branch_file` names a file of it.
  std::uint64_t branch_count = 0;
  std::string branches;
  std::string branch_file;
  std::vector<NamedReference> split_scope;  ///< what the split saw, sorted: branches with replaces=false lie over it
  Reference joined_list;                    ///< joins of a foreach: what it ran over; branch i ran for its item i
  bool operator==(const TaskFrame&) const = default;
};

/// The same task draws the same numbers in every run and attempt: results can be reproduced.
std::uint64_t seed_of(std::string_view flow, std::string_view step, const IndexPath& path);

/// The frame of the item `offset` places behind the first of a range.
TaskFrame item_of_range(const TaskFrame& first, std::uint64_t offset, std::string_view step);

std::string encode(const TaskFrame& frame);
TaskFrame decode_frame(std::string_view bytes);  ///< throws Error corrupt or newer_format

/// One finished branch, as a join sees it: which branch, and what it can see beyond the scope the split had.
struct BranchRecord {
  std::uint64_t index = 0;  ///< the foreach item, or the number of the split's branch
  std::int64_t number = 0;  ///< of the branch's last task
  bool replaces = false;    ///< true: `scope` is all it sees; false: it lies over the split's scope
  std::vector<NamedReference> scope;
  bool operator==(const BranchRecord&) const = default;
};
/// Self-delimiting: records are read one after another from the table.
void append(std::string& table, const BranchRecord& record);
/// Reads the record at `offset` and moves `offset` behind it.
BranchRecord read_branch(std::string_view table, std::size_t& offset);

/// A table is its records (any order) followed by `count` 8-byte little-endian offsets in order of branch index.
/// Opens record `i` of a complete table.
BranchRecord branch_at(std::string_view table, std::uint64_t count, std::uint64_t i);

}  // namespace backlot
