// What every runner does with a frame: runs its task, or all tasks of its range, and returns what they left.
#pragma once
#include "backlot/flow/flow_code.h"

namespace backlot {

/// encode(TaskFrame) in; out comes encode(Manifest) for one task, for a range encode_range of each item's manifest.
/// Temporary folders are made below `temp_root` and removed with their task.
std::string run_frame(const FlowCode& flow, std::string_view frame, BlobReader& reader, BlobWriter& writer,
                      TaskReporter& report, const std::string& temp_root);

std::string encode_range(const std::vector<std::string>& manifests);
/// Throws Error corrupt.
std::vector<std::string> decode_range(std::string_view bytes);

}  // namespace backlot
