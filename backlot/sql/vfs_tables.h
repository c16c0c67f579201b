// What SQLite's tables of functions look like for every VFS of ours: with WAL in shared memory, without memory mapping,
// loading of extensions, or a way to become the default.
#pragma once
#include <sqlite3.h>

#include <string>

#include "backlot/base/error.h"

namespace backlot {

/// The table of an open file. Its functions are static members of `Calls`.
template <class Calls>
inline constexpr sqlite3_io_methods io_methods = {
    .iVersion = 2,
    .xClose = Calls::close_file,
    .xRead = Calls::read,
    .xWrite = Calls::write,
    .xTruncate = Calls::truncate,
    .xSync = Calls::sync,
    .xFileSize = Calls::file_size,
    .xLock = Calls::lock,
    .xUnlock = Calls::unlock,
    .xCheckReservedLock = Calls::check_reserved,
    .xFileControl = Calls::control,
    .xSectorSize = Calls::sector_size,
    .xDeviceCharacteristics = Calls::characteristics,
    .xShmMap = Calls::shm_map,
    .xShmLock = Calls::shm_lock,
    .xShmBarrier = Calls::shm_barrier,
    .xShmUnmap = Calls::shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

/// Fills in `vfs` and registers it under `name`; both must stay where they are until it is unregistered. Its functions
/// are static members of `Calls`. Throws Error internal.
template <class Calls>
void register_vfs(sqlite3_vfs& vfs, const std::string& name, int file_size, int longest_path, void* data) {
  vfs = {};
  vfs.iVersion = 2;
  vfs.szOsFile = file_size;
  vfs.mxPathname = longest_path;
  vfs.zName = name.c_str();
  vfs.pAppData = data;
  vfs.xOpen = Calls::open_file;
  vfs.xDelete = Calls::remove;
  vfs.xAccess = Calls::access;
  vfs.xFullPathname = Calls::full_path;
  vfs.xRandomness = Calls::randomness;
  vfs.xSleep = Calls::sleep;
  vfs.xCurrentTimeInt64 = Calls::current_time;
  vfs.xGetLastError = Calls::last_error;
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
    throw Error(ErrorCode::internal, "cannot register SQLite VFS " + name);
}

}  // namespace backlot
