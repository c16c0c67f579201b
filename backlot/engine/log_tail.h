// The last that an attempt prints once its log is half full: a ring of bytes in a file without a name, so that it takes
// a bounded part of the disk, little memory (a piece for each 128 bytes at most), and nothing after a crash.
#pragma once
#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "backlot/base/clock.h"
#include "backlot/base/files.h"
#include "backlot/base/log_segments.h"

namespace backlot {

class LogTail {
 public:
  /// Keeps at most `size` bytes, in a file in `folder`, which is made where it is absent.
  LogTail(Files& files, const std::string& folder, std::uint64_t size);

  /// Leaves out the oldest pieces as far as it needs their room.
  void add(LogStream stream, Micros time, std::string_view bytes);

  /// Nothing more comes: of a stream that lost something the rest of a line that began in what was lost goes as well.
  void finish();
  const LogGap& left_out(LogStream stream) const { return gaps_[index(stream)]; }
  /// Visits what is kept, in the order it came.
  void each(const std::function<void(LogStream, Micros, std::string_view)>& visit);

 private:
  struct Piece {
    std::uint64_t offset = 0, size = 0;  ///< in the ring, of which a piece lies in one part
    std::uint64_t lines = 0;
    Micros time = 0;
    LogStream stream = LogStream::out;
  };

  static std::size_t index(LogStream stream) { return stream == LogStream::out ? 0 : 1; }
  bool grow_last(LogStream stream, std::string_view bytes);
  void add_piece(LogStream stream, Micros time, std::string_view bytes);
  void make_room(std::uint64_t bytes);
  void write(std::string_view bytes, Piece& piece);
  void leave_out_oldest();
  void leave_out_rest_of_line(LogStream stream);

  std::uint64_t size_, most_in_piece_;
  std::size_t most_pieces_;
  std::unique_ptr<File> file_;
  std::deque<Piece> pieces_;  ///< oldest first
  std::uint64_t end_ = 0;     ///< offset behind the newest piece
  std::array<LogGap, 2> gaps_{};
};

}  // namespace backlot
