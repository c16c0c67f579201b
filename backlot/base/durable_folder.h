// Folders whose names survive a crash.
#pragma once
#include <string>

#include "backlot/base/files.h"

namespace backlot {

/// The folder that a path's last name is in; "." for a name alone.
std::string folder_of(const std::string& path);

/// Makes a folder and what is missing above it, and makes the new names durable.
void make_durable_folder(Files& files, const std::string& path);

}  // namespace backlot
