#include "backlot/engine/log_tail.h"

#include <algorithm>
#include <vector>

namespace backlot {
namespace {

constexpr std::uint64_t largest_piece = 64 << 10;
/// One piece for so many bytes of the ring at most: the pieces of a task that writes a few bytes to both streams in
/// turn must not take more memory than a part of what its bytes take of the disk.
constexpr std::uint64_t bytes_per_piece = 128;

std::uint64_t lines_in(std::string_view bytes) {
  return static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

}  // namespace

LogTail::LogTail(Files& files, const std::string& folder, std::uint64_t size)
    : size_(std::max<std::uint64_t>(size, 1)),
      most_in_piece_(std::clamp<std::uint64_t>(size_ / 8, 1, largest_piece)),
      most_pieces_(static_cast<std::size_t>(size_ / bytes_per_piece) + 16) {
  files.make_directories(folder);
  file_ = files.create_unnamed(folder);
}

void LogTail::add(LogStream stream, Micros time, std::string_view bytes) {
  while (!bytes.empty()) {
    std::string_view piece = bytes.substr(0, most_in_piece_);
    if (!grow_last(stream, piece)) add_piece(stream, time, piece);
    bytes.remove_prefix(piece.size());
  }
}

/// Joins what comes in small pieces.
bool LogTail::grow_last(LogStream stream, std::string_view bytes) {
  if (pieces_.empty() || pieces_.back().stream != stream) return false;
  if (pieces_.back().size + bytes.size() > most_in_piece_ || end_ + bytes.size() > size_) return false;
  make_room(bytes.size());
  write(bytes, pieces_.back());
  return true;
}

void LogTail::add_piece(LogStream stream, Micros time, std::string_view bytes) {
  if (pieces_.size() >= most_pieces_) leave_out_oldest();
  if (end_ + bytes.size() > size_) {
    // What lies between here and the end of the ring is older than all that lies before.
    while (!pieces_.empty() && pieces_.front().offset >= end_) leave_out_oldest();
    end_ = 0;
  }
  make_room(bytes.size());
  pieces_.push_back({end_, 0, 0, time, stream});
  write(bytes, pieces_.back());
}

void LogTail::make_room(std::uint64_t bytes) {
  auto in_the_way = [&](const Piece& p) { return p.offset < end_ + bytes && end_ < p.offset + p.size; };
  while (!pieces_.empty() && in_the_way(pieces_.front())) leave_out_oldest();
}

void LogTail::write(std::string_view bytes, Piece& piece) {
  file_->write(end_, bytes);
  end_ += bytes.size();
  piece.size += bytes.size();
  piece.lines += lines_in(bytes);
}

void LogTail::leave_out_oldest() {
  LogGap& gap = gaps_[index(pieces_.front().stream)];
  gap.bytes += pieces_.front().size;
  gap.lines += pieces_.front().lines;
  pieces_.pop_front();
}

void LogTail::finish() {
  for (LogStream stream : {LogStream::out, LogStream::err})
    if (left_out(stream).bytes > 0) leave_out_rest_of_line(stream);
}

/// Up to the first newline; where there is none at all, everything stays.
void LogTail::leave_out_rest_of_line(LogStream stream) {
  std::uint64_t bytes = 0;
  std::vector<Piece*> without;  // pieces that have no newline
  for (Piece& piece : pieces_) {
    if (piece.stream != stream) continue;
    const std::size_t newline = piece.lines ? file_->read(piece.offset, piece.size).find('\n') : std::string::npos;
    bytes += newline == std::string::npos ? piece.size : newline + 1;
    if (newline == std::string::npos) {
      without.push_back(&piece);
      continue;
    }
    for (Piece* empty : without) empty->size = 0;
    piece.offset += newline + 1;
    piece.size -= newline + 1;
    gaps_[index(stream)].bytes += bytes;
    ++gaps_[index(stream)].lines;
    return;
  }
}

void LogTail::each(const std::function<void(LogStream, Micros, std::string_view)>& visit) {
  for (const Piece& piece : pieces_) {
    if (piece.size > 0) visit(piece.stream, piece.time, file_->read(piece.offset, piece.size));
  }
}

}  // namespace backlot
