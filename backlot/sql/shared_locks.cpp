#include "backlot/sql/shared_locks.h"

#include <sqlite3.h>

namespace backlot {

using Guard = std::lock_guard<std::mutex>;

static_assert(SharedLocks::slots == SQLITE_SHM_NLOCK);

int SharedLocks::lock(Holder& holder, int level) {
  Guard guard(mutex_);
  if (holder.level >= level) return SQLITE_OK;
  if (level == SQLITE_LOCK_SHARED) {
    if (pending_ || exclusive_) return SQLITE_BUSY;
    ++readers_;
    holder.level = level;
    return SQLITE_OK;
  }
  if (reserved_ && reserved_ != &holder) return SQLITE_BUSY;
  reserved_ = &holder;
  if (level == SQLITE_LOCK_RESERVED) {
    holder.level = level;
    return SQLITE_OK;
  }
  pending_ = &holder;  // no new readers from here on
  holder.level = SQLITE_LOCK_PENDING;
  if (readers_ > 1) return SQLITE_BUSY;
  exclusive_ = &holder;
  holder.level = SQLITE_LOCK_EXCLUSIVE;
  return SQLITE_OK;
}

void SharedLocks::unlock(Holder& holder, int level) {
  Guard guard(mutex_);
  if (holder.level <= level) return;
  for (auto* owner : {&reserved_, &pending_, &exclusive_}) {
    if (*owner == &holder) *owner = nullptr;
  }
  if (level == SQLITE_LOCK_NONE) --readers_;
  holder.level = level;
}

bool SharedLocks::reserved() {
  Guard guard(mutex_);
  return reserved_ != nullptr;
}

volatile void* SharedLocks::map(Holder& holder, std::size_t region, std::size_t size, bool extend) {
  Guard guard(mutex_);
  if (!holder.mapped) ++users_;
  holder.mapped = true;
  if (region >= regions_.size() && !extend) return nullptr;
  while (regions_.size() <= region) regions_.push_back(std::make_unique<char[]>(size));
  return regions_[region].get();
}

int SharedLocks::lock_slots(Holder& holder, int first, int count, int flags) {
  Guard guard(mutex_);
  const bool unlocks = (flags & SQLITE_SHM_UNLOCK) != 0, alone = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  auto bit = [](int slot) { return static_cast<std::uint8_t>(1U << slot); };
  for (int s = first; s < first + count && !unlocks; ++s) {
    bool own_share = (holder.shared & bit(s)) != 0, own = (holder.exclusive & bit(s)) != 0;
    if (slot_taken_[s] && !own) return SQLITE_BUSY;
    if (alone && slot_readers_[s] > (own_share ? 1 : 0)) return SQLITE_BUSY;
  }
  for (int s = first; s < first + count; ++s) {
    std::uint8_t& mask = alone ? holder.exclusive : holder.shared;
    bool held = (mask & bit(s)) != 0;
    if (held != unlocks) continue;
    mask = static_cast<std::uint8_t>(mask ^ bit(s));
    if (alone) {
      slot_taken_[s] = !unlocks;
    } else {
      slot_readers_[s] += unlocks ? -1 : 1;
    }
  }
  return SQLITE_OK;
}

void SharedLocks::unmap(Holder& holder) {
  lock_slots(holder, 0, slots, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
  lock_slots(holder, 0, slots, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
  Guard guard(mutex_);
  if (!holder.mapped) return;
  holder.mapped = false;
  if (--users_ == 0) regions_.clear();
}

void SharedLocks::barrier() { Guard guard(mutex_); }

}  // namespace backlot
