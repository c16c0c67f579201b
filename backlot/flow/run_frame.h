// What every runner does with a frame: runs its task, or all tasks of its range, and returns what they left.
#pragma once
#include "backlot/flow/flow_code.h"

namespace backlot {

/// encode(TaskFrame) in; out comes encode(Manifest) for one task, for a range encode_range of what each item left.
/// Temporary folders are made below `temp_root` and removed with their task.
std::string run_frame(const FlowCode& flow, std::string_view frame, BlobReader& reader, BlobWriter& writer,
                      TaskReporter& report, const std::string& temp_root);

/// What an item of a range left. Its process is told apart from the others' by nothing else, so the label comes with
/// it.
struct RangeItem {
  std::string manifest, label;
  bool operator==(const RangeItem&) const = default;
};
std::string encode_range(const std::vector<RangeItem>& items);
/// Throws Error corrupt.
std::vector<RangeItem> decode_range(std::string_view bytes);

}  // namespace backlot
