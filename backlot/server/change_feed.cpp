#include "backlot/server/change_feed.h"

#include <sys/inotify.h>

#include <cerrno>
#include <filesystem>
#include <string_view>

#include "backlot/base/error.h"

namespace backlot::server {

ChangeFeed::ChangeFeed(const std::string& catalog)
    : inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), name_(std::filesystem::path(catalog).filename()) {
  if (!inotify_) throw_system_error("watch " + catalog);
  // The folder, not the file: the WAL comes and goes.
  std::string folder = std::filesystem::path(catalog).parent_path();
  if (inotify_add_watch(inotify_.get(), folder.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0)
    throw_system_error("watch " + folder);
}

bool ChangeFeed::changed() {
  bool found = false;
  alignas(inotify_event) char buffer[16 << 10];
  for (;;) {
    ssize_t size = read(inotify_.get(), buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return found;
    for (char* at = buffer; at < buffer + size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event->len;
      std::string_view name = event->len ? std::string_view(event->name) : std::string_view();
      // The catalog itself and its WAL; its index in shared memory is written by readers too.
      bool is_catalog = name == name_ || (name.starts_with(name_) && name.ends_with("-wal"));
      found = found || is_catalog || (event->mask & IN_Q_OVERFLOW);
    }
  }
}

}  // namespace backlot::server
