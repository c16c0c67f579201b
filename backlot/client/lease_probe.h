// Asks whether a run's scheduler lives, without taking its lock even for a moment.
#pragma once
#include <string>

namespace backlot::client {

/// True when some process holds an exclusive lock on the file (Files::try_lock); false when none does or there is no
/// such file. Throws Error permission or io.
bool is_locked(const std::string& path);

}  // namespace backlot::client
