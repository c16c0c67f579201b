#include "backlot/value/saver.h"

#include <algorithm>

#include "backlot/base/error.h"

namespace backlot {
namespace {

/// Packs and lists are read many times over; a join opens 100,000 others, once each.
constexpr std::size_t blobs_kept_open = 16;

/// Values begin at multiples of this in a pack, so that the numbers of a small tensor are aligned.
constexpr std::size_t pack_alignment = 8;

}  // namespace

std::shared_ptr<const Mapping> ValueLoader::open(const Digest& id) {
  {
    std::lock_guard lock(mutex_);
    auto found = std::find_if(recent_.begin(), recent_.end(), [&](auto& entry) { return entry.first == id; });
    if (found != recent_.end()) {
      std::rotate(recent_.begin(), found, found + 1);
      return recent_.front().second;
    }
  }
  std::shared_ptr<const Mapping> blob = blobs_.open(id);
  std::lock_guard lock(mutex_);
  recent_.emplace(recent_.begin(), id, blob);
  if (recent_.size() > blobs_kept_open) recent_.pop_back();
  return blob;
}

ValueLoader::Raw ValueLoader::raw(const Reference& r) {
  if (r.place == Reference::Place::inlined) {
    auto copy = std::make_shared<const std::string>(r.inline_bytes);
    return {*copy, copy};
  }
  bool packed = r.place == Reference::Place::packed;
  auto blob = open(packed ? r.pack : r.id);
  std::string_view bytes = blob->bytes();
  std::uint64_t offset = packed ? r.pack_offset : 0;
  if (offset > bytes.size() || r.size > bytes.size() - offset || (!packed && r.size != bytes.size())) {
    throw Error(ErrorCode::corrupt, "a value lies beyond the end of blob " + (packed ? r.pack : r.id).hex(),
                "run `fsck`");
  }
  return {bytes.substr(offset, r.size), blob};
}

Reference ValueSaver::pack(TypeTag type, std::string_view raw, const std::vector<Digest>& refers_to) {
  Reference r;
  r.type = type;
  r.size = raw.size();
  r.place = Reference::Place::packed;
  r.id = identity_of(type, raw);
  std::size_t aligned = (pack_.size() + pack_alignment - 1) / pack_alignment * pack_alignment;
  auto [entry, is_new] = packed_at_.try_emplace(r.id, aligned);
  r.pack_offset = entry->second;
  if (is_new) {
    pack_.resize(aligned);
    pack_ += raw;
    pack_refers_to_.insert(pack_refers_to_.end(), refers_to.begin(), refers_to.end());
  }
  return r;
}

Reference ValueSaver::save(TypeTag type, std::string raw) {
  if (raw.size() <= inline_value_limit && inlined_ + raw.size() <= inline_manifest_limit) {
    inlined_ += raw.size();
    return Reference::inlined(type, std::move(raw));
  }
  return save(type, std::vector<std::string_view>{raw});
}

Reference ValueSaver::save(TypeTag type, const std::vector<std::string_view>& pieces,
                           const std::vector<Digest>& refers_to) {
  std::uint64_t size = 0;
  for (std::string_view piece : pieces) size += piece.size();
  if (size > packed_value_limit) {
    Reference r;
    r.type = type;
    r.place = Reference::Place::blob;
    r.size = size;
    r.id = blobs_.put(type, pieces, refers_to);
    return r;
  }
  std::string raw;
  raw.reserve(size);
  for (std::string_view piece : pieces) raw += piece;
  bool fits = size <= inline_value_limit && inlined_ + size <= inline_manifest_limit;
  return fits && refers_to.empty() ? save(type, std::move(raw)) : pack(type, raw, refers_to);
}

void ValueSaver::finish(std::span<Reference* const> saved) {
  if (packed_at_.empty()) return;
  std::sort(pack_refers_to_.begin(), pack_refers_to_.end());
  pack_refers_to_.erase(std::unique(pack_refers_to_.begin(), pack_refers_to_.end()), pack_refers_to_.end());
  Digest pack = blobs_.put(TypeTag::pack, {pack_}, pack_refers_to_);
  for (Reference* r : saved) {
    if (r->place == Reference::Place::packed && r->pack == Digest()) r->pack = pack;
  }
  packed_at_.clear();
}

}  // namespace backlot
