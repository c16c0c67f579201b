#include "backlot/client/lease_probe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "backlot/base/error.h"
#include "backlot/base/files.h"

namespace backlot::client {

bool is_locked(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return false;
  if (fd < 0) throw_system_error("open " + path);
  struct flock lock {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  int failed = fcntl(fd, F_OFD_GETLK, &lock);
  int error = errno;
  close(fd);
  if (failed) throw system_error("ask for the lock of " + path, error);
  return lock.l_type != F_UNLCK;
}

bool is_held(const Home& home, const RunRow& run, Micros now) {
  // Between the row of a run and its lease lies a moment, and a busy machine stretches it.
  constexpr Micros grace = 5'000'000;
  if (run.state != RunState::running) return false;
  const std::string lease = home.lease(run.flow, run.run_id);
  return is_locked(lease) || (!system_files().info(lease) && now - run.created < grace);
}

}  // namespace backlot::client
