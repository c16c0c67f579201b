// "Did you mean …?": the known name nearest to a mistyped one.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The known name with the smallest edit distance to `name` (the first of equals), when it is near enough to be meant:
/// at most a third of the longer name's length, and at least one edit is always allowed.
std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known);

/// "did you mean rows?", or "one of a, b, c" when nothing is near, or "" when nothing is known.
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

}  // namespace backlot
