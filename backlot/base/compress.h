// zstd, by the library. One call, one frame.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace backlot {

/// One zstd frame that states its raw size and carries a checksum of the raw bytes.
std::string compress(std::string_view raw, int level = 1);

/// The raw bytes of one frame made by compress(). Never writes more than `limit` bytes, whatever the frame claims.
/// Throws Error corrupt when the frame is damaged, cut, followed by other bytes, or larger than `limit`.
std::string decompress(std::string_view frame, std::size_t limit);

/// The same into memory of the caller, which must be exactly the size of the raw bytes: else throws Error corrupt.
void decompress_into(std::string_view frame, char* raw, std::size_t size);

}  // namespace backlot
