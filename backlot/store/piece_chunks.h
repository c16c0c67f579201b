// A value that lies in pieces, seen as the chunks its identity is made of.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

using Pieces = std::vector<std::string_view>;

std::uint64_t total_size(const Pieces& pieces);

/// Up to `size` bytes of the concatenation from `offset`.
std::string copy_range(const Pieces& pieces, std::uint64_t offset, std::size_t size);

/// Walks the concatenation in chunks of identity_chunk bytes. A chunk that lies in one piece is a view of it; only one
/// that lies across pieces is copied.
class PieceChunks {
 public:
  explicit PieceChunks(const Pieces& pieces) : pieces_(pieces) {}
  /// Empty at the end. Valid until the next call.
  std::string_view next();

 private:
  std::string_view take(std::size_t at_most);

  const Pieces& pieces_;
  std::size_t piece_ = 0, offset_ = 0;  ///< of the next byte
  std::string copy_;
};

}  // namespace backlot
