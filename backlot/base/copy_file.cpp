#include "backlot/base/copy_file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "backlot/base/error.h"
#include "backlot/base/unique_fd.h"

namespace backlot {
namespace {

void copy_bytes(int from, int to, const std::string& what) {
  constexpr std::size_t at_once = std::size_t{1} << 30;
  for (;;) {
    ssize_t copied = ::copy_file_range(from, nullptr, to, nullptr, at_once, 0);
    if (copied == 0) return;
    if (copied > 0 || errno == EINTR) continue;
    if (errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) throw_system_error(what);
    break;
  }
  char buffer[1 << 16];  // an older kernel between two file systems; both files stand where the other call left them
  for (;;) {
    ssize_t got = ::read(from, buffer, sizeof buffer);
    if (got == 0) return;
    if (got < 0) throw_system_error(what);
    for (ssize_t put = 0; put < got;) {
      ssize_t n = ::write(to, buffer + put, static_cast<std::size_t>(got - put));
      if (n < 0) throw_system_error(what);
      put += n;
    }
  }
}

}  // namespace

void copy_file(const std::string& from, const std::string& to, MayShare may_share) {
  const std::string what = "copy " + from + " to " + to, temporary = to + ".copying";
  UniqueFd source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) throw_system_error(what);
  ::unlink(temporary.c_str());
  {
    UniqueFd target(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!target) throw_system_error(what);
    bool is_clone = ::ioctl(target.get(), FICLONE, source.get()) == 0;
    bool is_link = !is_clone && may_share == MayShare::yes && ::unlink(temporary.c_str()) == 0 &&
                   ::link(from.c_str(), temporary.c_str()) == 0;
    if (!is_clone && !is_link) {
      if (may_share == MayShare::yes)
        target = UniqueFd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
      if (!target) throw_system_error(what);
      copy_bytes(source.get(), target.get(), what);
    }
    if (!is_link && ::fsync(target.get()) != 0) throw_system_error(what);
  }
  if (::rename(temporary.c_str(), to.c_str()) != 0) throw_system_error(what);
  ::unlink(temporary.c_str());  // a rename of one name of a file to another one does nothing
}

}  // namespace backlot
