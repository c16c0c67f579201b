// Numbers of bytes for people.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace backlot::verbs {

/// "512 B", "1.5 KiB", "12 GiB"
std::string bytes_text(std::uint64_t bytes);

/// Reads "1500", "1.5 KiB", "20G", "20GB" (units are powers of 1024). Empty when it is none.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace backlot::verbs
