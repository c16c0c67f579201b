// Folders whose names survive a crash.
#pragma once
#include <string>

#include "backlot/base/files.h"

namespace backlot {

/// Makes a folder and what is missing above it, and makes the new names durable.
void make_durable_folder(Files& files, const std::string& path);

}  // namespace backlot
