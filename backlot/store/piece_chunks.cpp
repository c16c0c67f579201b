#include "backlot/store/piece_chunks.h"

#include <algorithm>

#include "backlot/value/reference.h"

namespace backlot {

std::uint64_t total_size(const Pieces& pieces) {
  std::uint64_t size = 0;
  for (std::string_view piece : pieces) size += piece.size();
  return size;
}

std::string copy_range(const Pieces& pieces, std::uint64_t offset, std::size_t size) {
  std::string out;
  for (std::string_view piece : pieces) {
    std::uint64_t skipped = std::min<std::uint64_t>(offset, piece.size());
    offset -= skipped;
    out += piece.substr(skipped, size - out.size());
  }
  return out;
}

/// Bytes of one piece; empty at the end.
std::string_view PieceChunks::take(std::size_t at_most) {
  while (piece_ < pieces_.size() && offset_ == pieces_[piece_].size()) ++piece_, offset_ = 0;
  if (piece_ == pieces_.size()) return {};
  std::string_view taken = pieces_[piece_].substr(offset_, at_most);
  offset_ += taken.size();
  return taken;
}

std::string_view PieceChunks::next() {
  std::string_view part = take(identity_chunk);
  if (part.size() == identity_chunk) return part;
  std::string_view more = take(identity_chunk - part.size());
  if (more.empty()) return part;
  copy_.assign(part);
  for (; !more.empty(); more = take(identity_chunk - copy_.size())) copy_ += more;
  return copy_;
}

}  // namespace backlot
