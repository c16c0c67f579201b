#include "backlot/store/piece_chunks.h"

#include <gtest/gtest.h>

#include "backlot/store/test_values.h"
#include "backlot/value/reference.h"

namespace backlot {
namespace {

/// Cuts into pieces whose sizes go round through `sizes`.
Pieces cut(std::string_view bytes, const std::vector<std::size_t>& sizes) {
  Pieces pieces;
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    std::size_t size = std::min(sizes[i % sizes.size()], bytes.size());
    pieces.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return pieces;
}

TEST(PieceChunks, are_the_chunks_of_the_concatenation) {
  const std::string bytes = noise(3 * identity_chunk + 12345);
  for (const std::vector<std::size_t>& sizes : std::vector<std::vector<std::size_t>>{{bytes.size()},
                                                                                     {identity_chunk},
                                                                                     {identity_chunk - 1},
                                                                                     {identity_chunk + 1},
                                                                                     {0, 7, 100'000, 1, 2'000'000}}) {
    Pieces pieces = cut(bytes, sizes);
    pieces.push_back("");
    EXPECT_EQ(total_size(pieces), bytes.size());
    PieceChunks chunks(pieces);
    for (std::size_t at = 0; at < bytes.size(); at += identity_chunk) {
      ASSERT_EQ(chunks.next(), std::string_view(bytes).substr(at, identity_chunk)) << sizes[0] << " at " << at;
    }
    EXPECT_TRUE(chunks.next().empty());
    EXPECT_TRUE(chunks.next().empty());
  }
}

TEST(PieceChunks, does_not_copy_what_lies_in_one_piece) {
  const std::string head = "head", body = noise(3 * identity_chunk);
  const Pieces pieces = {head, body};
  PieceChunks chunks(pieces);
  chunks.next();
  EXPECT_EQ(chunks.next().data(), body.data() + identity_chunk - head.size());
}

TEST(PieceChunks, of_nothing_there_are_none) {
  const Pieces nothing, empties = {"", ""};
  EXPECT_TRUE(PieceChunks(nothing).next().empty());
  EXPECT_TRUE(PieceChunks(empties).next().empty());
}

TEST(CopyRange, takes_bytes_across_pieces) {
  const Pieces pieces = {"ab", "", "cde", "f"};
  EXPECT_EQ(copy_range(pieces, 0, 100), "abcdef");
  EXPECT_EQ(copy_range(pieces, 1, 3), "bcd");
  EXPECT_EQ(copy_range(pieces, 4, 1), "e");
  EXPECT_EQ(copy_range(pieces, 6, 1), "");
}

}  // namespace
}  // namespace backlot
