#include "backlot/base/test_memory_disk.h"

#include <algorithm>

namespace backlot {
namespace {

void put(std::string& target, std::uint64_t offset, std::string_view bytes) {
  if (target.size() < offset + bytes.size()) target.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), target.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace

std::uint64_t mixed(std::uint64_t seed, std::uint64_t position) {
  std::uint64_t z = seed + (position + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::string& MemoryDisk::writable() {
  if (current_.use_count() > 1) current_ = std::make_shared<std::string>(*current_);
  return *current_;
}

void MemoryDisk::write(std::uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;
  put(writable(), offset, bytes);
  pending_.push_back({offset, std::string(bytes), false});
}

void MemoryDisk::truncate(std::uint64_t size) {
  writable().resize(size);
  pending_.push_back({size, {}, true});
}

void MemoryDisk::sync() {
  for (const Change& change : pending_) {
    if (change.truncates) {
      durable_.resize(change.offset);
    } else {
      put(durable_, change.offset, change.bytes);
    }
  }
  pending_.clear();
}

void MemoryDisk::fail_sync(std::uint64_t seed) { settle(seed); }

void MemoryDisk::crash(std::uint64_t seed) {
  settle(seed);
  current_ = std::make_shared<std::string>(durable_);
}

/// Which of the pending changes last. The size (with truncations) is metadata: it is as it was after the first
/// `reached` changes. Each sector is as it was at a moment of its own between `first` and `last`: it lies on the same
/// side of every truncation as the size.
struct MemoryDisk::Remains {
  std::size_t reached, first, last;
  std::uint64_t seed;
  std::size_t moment_of(std::uint64_t s) const { return first + mixed(seed, s) % (last - first + 1); }
};

MemoryDisk::Remains MemoryDisk::choose_remains(std::uint64_t seed) const {
  enum Fate { keep_all, lose_all, stop_at_one_moment, tear };
  const auto fate = static_cast<Fate>(mixed(seed, 0) % 4);
  const std::size_t count = pending_.size();
  const std::size_t reached = fate == keep_all ? count : fate == lose_all ? 0 : mixed(seed, 1) % (count + 1);
  Remains remains{reached, reached, reached, mixed(seed, 2)};
  if (fate == tear) {
    while (remains.first > 0 && !pending_[remains.first - 1].truncates) --remains.first;
    while (remains.last < count && !pending_[remains.last].truncates) ++remains.last;
  }
  return remains;
}

void MemoryDisk::keep_sectors(const Change& change, std::size_t position, const Remains& remains) {
  const std::uint64_t end = change.offset + change.bytes.size();
  for (std::uint64_t at = change.offset, next; at < end; at = next) {
    next = std::min(end, (at / sector + 1) * sector);
    if (position >= remains.moment_of(at / sector)) continue;
    put(durable_, at, std::string_view(change.bytes).substr(at - change.offset, next - at));
  }
}

void MemoryDisk::settle(std::uint64_t seed) {
  const Remains remains = choose_remains(seed);
  std::uint64_t size = durable_.size();
  for (std::size_t i = 0; i < remains.last; ++i) {
    const Change& change = pending_[i];
    if (change.truncates) {
      durable_.resize(size = change.offset);
      continue;
    }
    if (i < remains.reached) size = std::max<std::uint64_t>(size, change.offset + change.bytes.size());
    keep_sectors(change, i, remains);
  }
  durable_.resize(size);
  pending_.clear();
}

}  // namespace backlot
