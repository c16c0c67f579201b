// The finished branches a join reads, as the engine left them: references only, one record decoded at a time.
#pragma once
#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/base/files.h"
#include "backlot/flow/task_frame.h"
#include "backlot/sdk/artifact.h"
#include "backlot/sdk/read_notes.h"

namespace backlot::sdk {

class BranchReader {
 public:
  /// Of a join's frame; both frame and loader must outlive the reader. Throws Error corrupt when the table is shorter
  /// than it says.
  BranchReader(const TaskFrame& frame, const Graph& graph, ValueLoader& loader);

  std::size_t size() const { return frame_.branch_count; }
  /// The branch of a split that begins with this step. Throws Error invalid when there is none.
  std::size_t find(std::string_view head) const;
  /// Lets the fields of a flow read from a branch.
  void bind(std::size_t branch, const std::vector<Field>& fields) const;
  /// What a branch can see of these names: an empty entry where there is none. Counts as a read of them all.
  std::vector<std::optional<Reference>> read(std::size_t branch, const std::vector<std::string_view>& names) const;

  /// The artifacts and parameters that were read in any branch. The texts are those given to bind and read.
  std::set<std::string_view> names_read() const { return notes_.names(); }
  /// The branch table.
  std::string_view bytes() const;

  /// Of a foreach: what it ran over, and which item a branch had.
  const Reference& list() const { return frame_.joined_list; }
  std::uint64_t item_index(std::size_t branch) const;
  ValueLoader& loader() const { return loader_; }
  /// How a text names a branch: "'fast'" of a split, "3 ('Drama')" of a foreach.
  std::string describe(std::size_t branch) const;

 private:
  BranchRecord record(std::size_t branch) const;
  std::vector<std::optional<Reference>> look_up(std::size_t branch, const std::vector<std::string_view>& names) const;

  const TaskFrame& frame_;
  std::vector<std::string> heads_;  ///< of a split's branches
  ValueLoader& loader_;
  std::unique_ptr<const Mapping> file_;
  mutable ReadNotes notes_;
};

}  // namespace backlot::sdk
