#include "backlot/sql/log_mark.h"

#include <cstring>

#include "backlot/base/digest.h"

namespace backlot {
namespace {

constexpr int index_region = 32768, header_size = 48, attempts = 100;
// In SQLite's index of the log (its "WAL-Index Header", fileformat2): native byte order.
constexpr std::size_t initialized_at = 12, frames_at = 16, salts_at = 32;
constexpr std::size_t noted_size = 12, check_size = 4;

std::string checked(const std::string& bytes) {
  return bytes + std::string(sha256(bytes).view().substr(0, check_size));
}

}  // namespace

std::optional<LogMark> LogMark::of(sqlite3* db) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file || !file->pMethods)
    return std::nullopt;
  volatile void* region = nullptr;
  if (file->pMethods->xShmMap(file, 0, index_region, 0, &region) != SQLITE_OK || !region) return std::nullopt;
  for (int i = 0; i < attempts; ++i) {  // a writer changes one copy after the other
    char copies[2 * header_size];
    std::memcpy(copies, const_cast<const void*>(region), sizeof copies);
    if (std::memcmp(copies, copies + header_size, header_size) != 0) continue;
    if (copies[initialized_at] == 0) return std::nullopt;
    LogMark mark;
    std::memcpy(&mark.frames, copies + frames_at, sizeof mark.frames);
    std::memcpy(mark.salts.data(), copies + salts_at, sizeof mark.salts);
    return mark;
  }
  return std::nullopt;
}

std::optional<LogMark> LogMark::noted_in(File& lock_file) {
  std::string bytes = lock_file.read(0, noted_size + check_size);
  if (bytes.size() < noted_size || bytes != checked(bytes.substr(0, noted_size))) return std::nullopt;
  LogMark mark;
  std::memcpy(mark.salts.data(), bytes.data(), sizeof mark.salts);
  std::memcpy(&mark.frames, bytes.data() + sizeof mark.salts, sizeof mark.frames);
  return mark;
}

void LogMark::note_in(File& lock_file) const {
  std::string bytes(noted_size, '\0');
  std::memcpy(bytes.data(), salts.data(), sizeof salts);
  std::memcpy(bytes.data() + sizeof salts, &frames, sizeof frames);
  lock_file.write(0, checked(std::move(bytes)));
}

}  // namespace backlot
