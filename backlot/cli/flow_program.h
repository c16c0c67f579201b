// `backlot run ./movie_stats …` is `./movie_stats run …`; `backlot run flow.py …` is `python3 flow.py run …`.
#pragma once
#include <string>
#include <vector>

namespace backlot::cli {

/// Replaces this process by the program that the word after the verb names. A name without a slash is looked for in
/// the working directory first, then in PATH. A name that ends in .py is given to Python ($BACKLOT_PYTHON, else
/// python3), which then finds Backlot's package, and in place of Metaflow the shim. Throws Error usage, not_found or
/// permission.
[[noreturn]] void become_flow_program(const std::vector<std::string>& words);

}  // namespace backlot::cli
