#include "backlot/value/reference.h"

#include <vector>

namespace backlot {

std::string_view name_of(TypeTag type) {
  switch (type) {
    case TypeTag::null: return "null";
    case TypeTag::boolean: return "bool";
    case TypeTag::integer: return "int";
    case TypeTag::real: return "float";
    case TypeTag::text: return "text";
    case TypeTag::bytes: return "bytes";
    case TypeTag::list: return "list";
    case TypeTag::map: return "map";
    case TypeTag::tensor: return "tensor";
    case TypeTag::table: return "table";
    case TypeTag::file: return "file";
    case TypeTag::folder: return "folder";
    case TypeTag::pickle: return "pickle";
    case TypeTag::pack: return "pack";
    case TypeTag::code: return "code";
  }
  return "unknown";
}

Digest identity_of(TypeTag type, std::string_view raw) {
  std::vector<Digest> chunks;
  for (std::size_t at = 0; at < raw.size(); at += identity_chunk) {
    chunks.push_back(sha256(raw.substr(at, identity_chunk)));
  }
  return identity_of(type, raw.size(), chunks);
}

Digest identity_of(TypeTag type, std::uint64_t size, std::span<const Digest> chunks) {
  std::string head(9, '\0');
  head[0] = static_cast<char>(type);
  for (int i = 0; i < 8; ++i) head[1 + i] = static_cast<char>(size >> (8 * i));
  Sha256 whole;
  whole.add(head);
  for (const Digest& chunk : chunks) whole.add(chunk.view());
  return whole.finish();
}

Digest Reference::identity() const { return place == Place::inlined ? identity_of(type, inline_bytes) : id; }

bool Reference::same_value(const Reference& other) const {
  if (type != other.type || size != other.size) return false;
  if (place == Place::inlined && other.place == Place::inlined) return inline_bytes == other.inline_bytes;
  return identity() == other.identity();
}

Reference Reference::inlined(TypeTag type, std::string raw) {
  Reference r;
  r.type = type;
  r.size = raw.size();
  r.inline_bytes = std::move(raw);
  return r;
}

}  // namespace backlot
