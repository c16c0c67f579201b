// What MemoryFiles knows of the bytes of one file: as they are read, as they are durable, and what lies between.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

/// The bytes of one file on a disk that writes sectors of 512 bytes, in no order, until it is told to sync.
class MemoryDisk {
 public:
  static constexpr std::uint64_t sector = 512;

  const std::string& bytes() const { return *current_; }
  /// The bytes as they are now; later writes leave them alone.
  std::shared_ptr<const std::string> snapshot() const { return current_; }

  void write(std::uint64_t offset, std::string_view bytes);
  void truncate(std::uint64_t size);
  /// Everything written becomes durable.
  void sync();
  /// Some of what is not durable becomes so, as `seed` says; the rest never will, though it still reads as written.
  void fail_sync(std::uint64_t seed);
  /// The bytes become what a crash leaves of them.
  void crash(std::uint64_t seed);

 private:
  struct Change {
    std::uint64_t offset;  ///< of a truncation: the new size
    std::string bytes;
    bool truncates;
  };
  struct Remains;
  std::string& writable();
  Remains choose_remains(std::uint64_t seed) const;
  void settle(std::uint64_t seed);
  void keep_sectors(const Change& change, std::size_t position, const Remains& remains);

  std::shared_ptr<std::string> current_ = std::make_shared<std::string>();
  std::string durable_;
  std::vector<Change> pending_;  ///< since the last sync, oldest first
};

/// A well-mixed number from a seed and a position (splitmix64).
std::uint64_t mixed(std::uint64_t seed, std::uint64_t position);

}  // namespace backlot
