// A file of the same bytes under another name, as cheaply as the file system can.
#pragma once
#include <string>

namespace backlot {

enum class MayShare : bool {
  no,   ///< one of the two will be written to
  yes,  ///< neither ever is: a second name of one file will do
};

/// Makes `to`, or replaces it in one step: a clone that shares blocks, else (MayShare::yes) a hard link, else a copy.
/// Its bytes are durable, its name is once the folder is synced. Only on the machine's own file systems. Throws Error.
void copy_file(const std::string& from, const std::string& to, MayShare may_share);

}  // namespace backlot
