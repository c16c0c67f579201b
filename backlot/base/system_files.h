// A part of system_files() that a test must reach on file systems where system_files() does not need it.
#pragma once
#include "backlot/base/files.h"

namespace backlot {

/// What create_unnamed falls back to where the file system has no O_TMPFILE or /proc is not mounted: a file with a
/// hidden name of its own (".unnamed-<random>"), removed when it is published or closed. A killed process leaves it.
std::unique_ptr<File> create_hidden_file(const std::string& directory);

}  // namespace backlot
