// What every page of a database is checked by when SQLite reads it: a checksum of its own in the database, the frame's
// in the write-ahead log.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <set>
#include <string>

namespace backlot {

/// Bytes at the end of each page that SQLite leaves to us (SQLITE_FCNTL_RESERVE_BYTES).
inline constexpr int page_reserve = 8;

/// Stands between SQLite and one open file, under any VFS of ours. Reads and writes that are no whole page pass as they
/// are, and so do those of databases without reserved bytes.
///
/// A page of the database ends with the checksum of SQLite's cksumvfs over what is before it. SQLite sees zeros there:
/// so a page that another program moved from the log to the database has zeros, too, and is no damage; one that another
/// program changed keeps a checksum that does not fit. Pages in the log are checked by the checksum of their frame,
/// which SQLite itself looks at only when it recovers.
class PageGuard {
 public:
  /// `flags`: of xOpen. `path` has to outlive the guard.
  PageGuard(const char* path, int flags);

  /// `raw(to, size, at)` reads from the file and returns a code of SQLite's. Returns SQLITE_IOERR_DATA for a page that
  /// is not what was written; damage_found() says which.
  template <class Read>
  int read(void* to, int size, sqlite3_int64 at, Read raw) {
    int code = raw(to, size, at);
    if (code != SQLITE_OK || kind_ == Kind::other) return code;
    auto* bytes = static_cast<unsigned char*>(to);
    if (kind_ == Kind::database) return check_page(bytes, size, at);
    if (!is_page_of_log(size, at) || is_trusted()) return code;
    unsigned char before[log_header_size], frame[frame_header_size];
    const bool is_first = at == first_page_of_log;
    code = is_first ? raw(before, log_header_size, 0) : raw(before, 8, at - size - frame_header_size - 8);
    if (code == SQLITE_OK) code = raw(frame, frame_header_size, at - frame_header_size);
    if (code == SQLITE_OK && !is_first && !knows_order_) {
      unsigned char magic[4];
      code = raw(magic, sizeof magic, 0);
      if (code == SQLITE_OK) learn_order(magic);
    }
    if (code != SQLITE_OK) return code;
    if (is_first) learn_order(before);
    return check_frame(is_first ? before + log_header_size - 8 : before, frame, bytes, size, at);
  }

  /// `raw(from, size, at)` writes to the file.
  template <class Write>
  int write(const void* from, int size, sqlite3_int64 at, Write raw) {
    const auto* bytes = static_cast<const unsigned char*>(from);
    if (kind_ == Kind::database && at == 0 && size >= 100) learn_reserve(bytes);
    if (!is_guarded_page(size, at)) return raw(from, size, at);
    alignas(8) unsigned char page[largest_page];
    return raw(with_checksum(page, bytes, size), size, at);
  }

 private:
  enum class Kind : std::uint8_t { other, database, log };
  static constexpr int smallest_page = 512, largest_page = 65536, log_header_size = 32, frame_header_size = 24;
  static constexpr sqlite3_int64 first_page_of_log = log_header_size + frame_header_size;

  bool is_page_of_log(int size, sqlite3_int64 at) const {
    return is_page_size(size) && at >= first_page_of_log && (at - first_page_of_log) % (size + frame_header_size) == 0;
  }
  bool is_guarded_page(int size, sqlite3_int64 at) const {
    return kind_ == Kind::database && has_reserve_ && is_page_size(size) && at % size == 0;
  }
  static bool is_page_size(int size) {
    return size >= smallest_page && size <= largest_page && (size & (size - 1)) == 0;
  }

  static bool is_trusted();
  void learn_reserve(const unsigned char* database_header);
  void learn_order(const unsigned char* log_header);
  int check_page(unsigned char* page, int size, sqlite3_int64 at);
  int check_frame(const unsigned char* before, const unsigned char* header, const unsigned char* page, int size,
                  sqlite3_int64 at) const;
  static const unsigned char* with_checksum(unsigned char* to, const unsigned char* page, int size);

  const char* path_;
  Kind kind_;
  bool has_reserve_ = false;                          ///< database: pages have a checksum
  bool knows_order_ = false, is_big_endian_ = false;  ///< log: how its checksums are added up
};

/// While one lives, this thread reads pages of the log without a look at their frames: in a transaction that does not
/// fit into memory SQLite writes pages of the log a second time, and their checksums only when it commits.
class TrustedLog {
 public:
  TrustedLog();
  ~TrustedLog();
  TrustedLog(const TrustedLog&) = delete;
  TrustedLog& operator=(const TrustedLog&) = delete;
};

/// While one lives, this thread reads pages of the database in which a single bit was flipped as they were before, and
/// notes them here. Where more than one bit could have been it, which is so for some of the upper bits of a word, the
/// page is refused.
class MendedPages {
 public:
  MendedPages();
  ~MendedPages();
  MendedPages(const MendedPages&) = delete;
  MendedPages& operator=(const MendedPages&) = delete;
  const std::set<std::int64_t>& numbers() const { return numbers_; }

 private:
  friend class PageGuard;
  std::set<std::int64_t> numbers_;
};

/// The last page that a read of this thread was refused for: "page 7 of /home/catalog.sqlite is damaged …".
const std::string& damage_found();

/// Whether the 32 bytes at the beginning of a log are those of a log.
bool is_log_header(const unsigned char* bytes);

/// Whether a whole page of the database has a checksum that fits, none, or another one.
enum class PageState : std::uint8_t { sound, unguarded, damaged };
PageState state_of_page(const unsigned char* page, int size);

}  // namespace backlot
