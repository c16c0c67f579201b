#include "backlot/base/memory_disk.h"

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

// The size (with truncations) is metadata: it survives as it was after the first `reached` changes. Each sector
// survives as it was at a moment of its own, but on the same side of every truncation as the size.
void MemoryDisk::settle(std::uint64_t seed) {
  enum Fate { keep_all, lose_all, stop_at_one_moment, tear };
  const std::size_t count = pending_.size();
  const auto fate = static_cast<Fate>(mixed(seed, 0) % 4);
  const std::size_t reached = fate == keep_all ? count : fate == lose_all ? 0 : mixed(seed, 1) % (count + 1);
  std::size_t first = reached, last = reached;
  if (fate == tear) {
    while (first > 0 && !pending_[first - 1].truncates) --first;
    while (last < count && !pending_[last].truncates) ++last;
  }
  auto moment_of = [&](std::uint64_t s) { return first + mixed(seed, 2 + s) % (last - first + 1); };

  std::uint64_t size = durable_.size();
  for (std::size_t i = 0; i < last; ++i) {
    const Change& change = pending_[i];
    if (change.truncates) {
      durable_.resize(size = change.offset);
      continue;
    }
    std::uint64_t end = change.offset + change.bytes.size();
    if (i < reached) size = std::max(size, end);
    for (std::uint64_t at = change.offset; at < end;) {
      std::uint64_t next = std::min(end, (at / sector + 1) * sector);
      if (i < moment_of(at / sector)) {
        put(durable_, at, std::string_view(change.bytes).substr(at - change.offset, next - at));
      }
      at = next;
    }
  }
  durable_.resize(size);
  pending_.clear();
}

}  // namespace backlot
