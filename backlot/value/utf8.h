// UTF-8, as texts must be.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace backlot {

/// True when `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// Throws Error invalid when it is not UTF-8.
void check_text(std::string_view text);

/// The text with each byte that is not part of well-formed UTF-8 replaced by U+FFFD: for what must be shown, whatever
/// it is.
std::string repaired_utf8(std::string_view text);

/// The longest beginning of a well-formed `text` that ends between characters and has at most `limit` bytes.
std::string_view utf8_prefix(std::string_view text, std::size_t limit);

}  // namespace backlot
