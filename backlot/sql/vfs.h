// How SQLite reaches the disk when a database lies on one: its own "unix" VFS, behind a shim that keeps our rules.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace backlot {

struct VfsCounts {
  std::uint64_t syncs = 0;
  std::uint64_t bytes_written = 0;  ///< to databases and their logs; not the shared memory
};

/// A SQLite VFS over another one, with three rules of ours:
///  - a failed sync is never retried: every later write or sync through the same open file fails too, for the kernel
///    may have dropped what was to be synced;
///  - a database it makes, and the lock file beside it, get the mode of their folder (without the execute bits), so
///    that a folder shared by a group holds a catalog shared by that group;
///  - it counts syncs and bytes.
/// Registered under `name` while it lives; it must outlive every connection opened through it. Thread-safe.
class LatchingVfs {
 public:
  /// `parent`: a registered VFS with shared memory, such as "unix".
  LatchingVfs(const std::string& name, const std::string& parent);
  ~LatchingVfs();
  LatchingVfs(const LatchingVfs&) = delete;
  LatchingVfs& operator=(const LatchingVfs&) = delete;

  const std::string& name() const;
  VfsCounts counts() const;

  struct Registration;

 private:
  std::unique_ptr<Registration> registration_;
};

/// "backlot", over "unix": made on first use, for the rest of the process. Thread-safe.
LatchingVfs& backlot_vfs();

}  // namespace backlot
