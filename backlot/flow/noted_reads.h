// What a task notes of all that it read, and what another task would note in its place: the step cache compares the
// two.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "backlot/flow/task_frame.h"

namespace backlot {

/// Reads that are no artifact or parameter have names that no field can have.
/// Where the task stands in foreachs and loops, and so its seed.
inline constexpr std::string_view path_read = "[path]";
/// Of a join: how many branches there are, and the list that the foreach ran over.
inline constexpr std::string_view branches_read = "[branches]";
/// Of a join: what all its branches, in their order, see under the name of an artifact.
std::string branch_read_name(std::string_view artifact);

/// What a task with this frame sees under the names of reads, in the order of the names. `table`: of a join, the bytes
/// of its branch table, wherever they lie. Throws Error corrupt when the table is damaged.
std::vector<Manifest::Read> noted_reads(const TaskFrame& frame, std::string_view table,
                                        const std::vector<std::string>& names);

}  // namespace backlot
