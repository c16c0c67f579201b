#include "backlot/value/saver.h"

#include <algorithm>

#include "backlot/base/error.h"

namespace backlot {
namespace {
constexpr std::size_t blobs_kept_open = 16;
}

std::shared_ptr<const Mapping> ValueLoader::open(const Digest& id) {
  auto found = std::find_if(recent_.begin(), recent_.end(), [&](auto& entry) { return entry.first == id; });
  if (found == recent_.end()) {
    recent_.emplace_front(id, blobs_.open(id));
    if (recent_.size() > blobs_kept_open) recent_.pop_back();
  } else if (found != recent_.begin()) {
    std::rotate(recent_.begin(), found, found + 1);
  }
  return recent_.front().second;
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
    throw Error(ErrorCode::corrupt, "a value lies beyond the end of blob " + (packed ? r.pack : r.id).hex(), "run `fsck`");
  }
  return {bytes.substr(offset, r.size), blob};
}

Reference ValueSaver::save(TypeTag type, std::string raw) {
  if (raw.size() <= inline_value_limit && inlined_ + raw.size() <= inline_manifest_limit) {
    inlined_ += raw.size();
    return Reference::inlined(type, std::move(raw));
  }
  Reference r;
  r.type = type;
  r.size = raw.size();
  if (raw.size() > packed_value_limit) {
    r.place = Reference::Place::blob;
    r.id = blobs_.put(type, {raw});
    return r;
  }
  r.place = Reference::Place::packed;
  r.id = identity_of(type, raw);
  pack_.resize((pack_.size() + 7) / 8 * 8);  // aligned for what is read in place
  r.pack_offset = pack_.size();
  pack_ += raw;
  return r;
}

Reference ValueSaver::save(TypeTag type, const std::vector<std::string_view>& pieces,
                           const std::vector<Digest>& refers_to) {
  std::size_t size = 0;
  for (std::string_view piece : pieces) size += piece.size();
  if (size <= packed_value_limit && refers_to.empty()) {
    std::string raw;
    raw.reserve(size);
    for (std::string_view piece : pieces) raw += piece;
    return save(type, std::move(raw));
  }
  Reference r;
  r.type = type;
  r.place = Reference::Place::blob;
  r.size = size;
  r.id = blobs_.put(type, pieces, refers_to);
  return r;
}

void ValueSaver::finish(std::span<Reference* const> saved) {
  if (pack_.empty()) return;
  Digest pack = blobs_.put(TypeTag::pack, {pack_});
  for (Reference* r : saved) {
    if (r->place == Reference::Place::packed && r->pack == Digest{}) r->pack = pack;
  }
  pack_.clear();
}

}  // namespace backlot
