// One program that another one becomes.
#pragma once
#include <string>
#include <vector>

namespace backlot::cli {

/// Replaces this process by `words`, the first of which names the program: one with a slash is a path, another is
/// looked for in PATH. Throws Error not_found, permission, io.
[[noreturn]] void become(std::vector<std::string> words);

}  // namespace backlot::cli
