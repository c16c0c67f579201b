// `backlot run ./movie_stats …` is `./movie_stats run …`.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace backlot::cli {

/// True for verbs that only a program with a flow in it can do.
bool is_for_flow_program(std::string_view verb);

/// Replaces this process by the program that the word after the verb names. A name without a slash is looked for in
/// the working directory first, then in PATH. Throws Error usage, not_found, permission or unsupported.
[[noreturn]] void become_flow_program(const std::vector<std::string>& words);

}  // namespace backlot::cli
