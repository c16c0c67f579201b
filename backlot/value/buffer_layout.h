// Buffers one behind the other, each where memory likes it: what pickles and tables end with (docs/formats/values.md).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

/// The zeros that go before each buffer when they follow `begin` bytes: a buffer of packed_value_limit bytes and more
/// begins at a multiple of 4096, any other at a multiple of 8.
std::vector<std::string> padding_of(std::uint64_t begin, const std::vector<std::uint64_t>& sizes);

/// The buffers that follow the first `begin` bytes of `raw`, to its end; `what` they are of is named by errors. Throws
/// Error corrupt.
std::vector<std::string_view> buffers_of(std::string_view raw, std::uint64_t begin,
                                         const std::vector<std::uint64_t>& sizes, const char* what);

}  // namespace backlot
