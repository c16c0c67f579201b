// Base64 (RFC 4648, with padding): how JSON carries bytes.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace backlot {

std::string to_base64(std::string_view bytes);
/// Empty when `text` is not exactly what to_base64 gives for some bytes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace backlot
