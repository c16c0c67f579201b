// Asks whether a run's scheduler lives, without taking its lock even for a moment.
#pragma once
#include <string>

#include "backlot/catalog/catalog.h"
#include "backlot/home/home.h"

namespace backlot::client {

/// True when some process holds an exclusive lock on the file (Files::try_lock); false when none does or there is no
/// such file. Throws Error permission or io.
bool is_locked(const std::string& path);

/// Whether a scheduler holds a run that has not ended, or it has only just begun and its lease is not there yet.
bool is_held(const Home& home, const RunRow& run, Micros now);

}  // namespace backlot::client
