#include "backlot/exec/oom_evidence.h"

#include <fcntl.h>
#include <unistd.h>

#include "backlot/exec/cgroup.h"

namespace backlot {

OomEvidence::OomEvidence() {
  auto group = find_cgroup("memory");
  if (!group) return;
  const char* name = group->version == 2 ? "/memory.events" : "/memory.oom_control";
  file_.reset(open((group->folders.front() + name).c_str(), O_RDONLY | O_CLOEXEC));
  refresh();
}

std::int64_t OomEvidence::count() const {
  char text[512];
  ssize_t size = file_ ? pread(file_.get(), text, sizeof text, 0) : 0;
  if (size <= 0) return 0;
  return number_after({text, static_cast<std::size_t>(size)}, "oom_kill").value_or(0);
}

void OomEvidence::refresh() { accounted_ = count(); }

bool OomEvidence::claim() {
  if (count() <= accounted_) return false;
  ++accounted_;
  return true;
}

}  // namespace backlot
