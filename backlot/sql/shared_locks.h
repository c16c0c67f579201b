// What the connections to one database share besides its bytes: SQLite's locks and the shared memory of its WAL index,
// both in this process. Internal to this room.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace backlot {

/// The locks of a database file, by SQLite's rules (SQLITE_LOCK_NONE … SQLITE_LOCK_EXCLUSIVE), and its WAL index.
/// Each open file is one Holder. Thread-safe; results are SQLite's codes.
class SharedLocks {
 public:
  static constexpr int slots = 8;  ///< SQLITE_SHM_NLOCK

  /// What one open file holds.
  struct Holder {
    int level = 0;               ///< SQLITE_LOCK_…
    std::uint8_t shared = 0;     ///< slots held shared, one bit each
    std::uint8_t exclusive = 0;  ///< slots held alone
    bool mapped = false;         ///< uses the shared memory
  };

  int lock(Holder& holder, int level);
  void unlock(Holder& holder, int level);
  /// True when somebody is about to write.
  bool reserved();

  /// The address of a region of the WAL index; null when it does not exist and `extend` is false. Zeros when made.
  volatile void* map(Holder& holder, std::size_t region, std::size_t size, bool extend);
  /// As xShmLock.
  int lock_slots(Holder& holder, int first, int count, int flags);
  /// The memory goes with its last user, as it does when processes die: the next one rebuilds it from the log.
  void unmap(Holder& holder);
  void barrier();

 private:
  std::mutex mutex_;
  int readers_ = 0;  ///< holders at SHARED or above
  const Holder* reserved_ = nullptr;
  const Holder* pending_ = nullptr;
  const Holder* exclusive_ = nullptr;
  std::vector<std::unique_ptr<char[]>> regions_;
  int users_ = 0;
  std::array<int, slots> slot_readers_{};
  std::array<bool, slots> slot_taken_{};
};

}  // namespace backlot
