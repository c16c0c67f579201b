#include "backlot/verbs/disk_room.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "backlot/base/unique_fd.h"

namespace backlot::verbs {
namespace {

constexpr std::uint64_t mebi = 1 << 20;
constexpr off_t ballast_size = 4 * mebi;  // the catalog's log when runs of 17,000 tasks are removed at once

std::string ballast_of(const Home& home) { return home.root + "/catalog.ballast"; }

/// Zeros when the system does not tell.
struct statvfs room_of(const Home& home) {
  struct statvfs room {};
  if (::statvfs(home.root.c_str(), &room) != 0) return {};
  return room;
}

std::uint64_t free_bytes(const struct statvfs& room) { return std::uint64_t{room.f_bavail} * room.f_frsize; }

}  // namespace

bool is_disk_full(const Home& home) {
  constexpr std::uint64_t few_names = 64;
  const struct statvfs room = room_of(home);
  if (room.f_blocks == 0) return false;  // not told, or there is no limit
  const std::uint64_t part = std::uint64_t{room.f_blocks} * room.f_frsize / 16;
  const std::uint64_t little = std::clamp<std::uint64_t>(part, 2 * ballast_size, 64 * mebi);
  return free_bytes(room) < little || (room.f_files != 0 && room.f_favail < few_names);
}

void keep_ballast(const Home& home, Spare of) {
  constexpr std::uint64_t plenty = 3 * ballast_size;
  const std::string path = ballast_of(home);
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0 && there.st_size == ballast_size) return;
  if (of == Spare::plenty && free_bytes(room_of(home)) < plenty) return;
  // A smaller one, or one that was cut off here, serves as well, and is gone on with when there is plenty of room.
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  for (off_t size = ballast_size; file && size > 0; size /= 2)
    if (::posix_fallocate(file.get(), 0, size) == 0) return;
}

bool drop_ballast(const Home& home) { return ::unlink(ballast_of(home).c_str()) == 0; }

}  // namespace backlot::verbs
