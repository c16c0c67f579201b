// Which pages of a database are not what was written, told from its file alone: also of one that cannot be opened.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "backlot/base/files.h"

namespace backlot {

/// From 1 on. One that a live catalog is just moving from its log may be among them.
std::vector<std::int64_t> damaged_pages_in(Files& files, const std::string& path);

}  // namespace backlot
