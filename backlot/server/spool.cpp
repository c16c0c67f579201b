#include "backlot/server/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "backlot/server/target.h"

namespace backlot::server {

Spool::Spool() {
  const char* chosen = std::getenv("TMPDIR");
  std::string folder = chosen && *chosen ? chosen : "/tmp";
  file_ = UniqueFd(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file_.get() < 0) throw_system_error("make a temporary file in " + folder);
}

void Spool::add(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_system_error("write a temporary file");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
}

std::string Spool::read(std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  ssize_t got;
  do { got = pread(file_.get(), bytes.data(), size, static_cast<off_t>(offset)); } while (got < 0 && errno == EINTR);
  if (got < 0) throw_system_error("read a temporary file");
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

std::string attachment_header(std::string_view file_name) {
  std::string ascii;
  for (char c : file_name) ascii += c < ' ' || c > '~' || c == '"' || c == '\\' || c == '/' ? '_' : c;
  return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + percent_encoded(file_name);
}

}  // namespace backlot::server
