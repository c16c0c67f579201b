// Programs that come with this one and do what neither it nor a flow binary should carry.
#pragma once
#include <string>
#include <vector>

namespace backlot::cli {

/// Becomes the program of that name that lies beside this one, else the one in PATH. Throws Error not_found, io.
[[noreturn]] void become_sibling(const std::string& name, const std::vector<std::string>& words);

}  // namespace backlot::cli
