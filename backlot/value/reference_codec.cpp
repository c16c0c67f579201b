#include "backlot/value/reference_codec.h"

#include <cstdint>

#include "backlot/base/error.h"
#include "backlot/value/utf8.h"

namespace backlot {
namespace {

constexpr std::uint64_t last_type = static_cast<std::uint64_t>(TypeTag::code);
constexpr std::uint64_t last_failure = static_cast<std::uint64_t>(FailureKind::engine);

}  // namespace

Digest read_digest(CborReader& in) {
  auto digest = Digest::from_bytes(in.bytes());
  if (!digest) in.fail("not 32 bytes of a digest");
  return *digest;
}

std::uint64_t read_version(CborReader& in, std::uint64_t newest, std::string_view what) {
  std::uint64_t found = in.natural();
  if (found > newest) {
    throw Error(ErrorCode::newer_format,
                "a " + std::string(what) + " of a newer backlot (version " + std::to_string(found) + ")",
                "upgrade backlot");
  }
  if (found == 0) in.fail("no such version of a " + std::string(what));
  return found;
}

// inlined [type, bytes]; blob [type, size, id]; packed [type, size, id, pack, offset]
void write(CborWriter& out, const Reference& r) {
  switch (r.place) {
    case Reference::Place::inlined: out.list(2); break;
    case Reference::Place::blob: out.list(3); break;
    case Reference::Place::packed: out.list(5); break;
  }
  out.natural(static_cast<std::uint64_t>(r.type));
  if (r.place == Reference::Place::inlined) return out.bytes(r.inline_bytes);
  out.natural(r.size);
  out.bytes(r.id.view());
  if (r.place == Reference::Place::blob) return;
  out.bytes(r.pack.view());
  out.natural(r.pack_offset);
}

Reference read_reference(CborReader& in) {
  std::uint64_t parts = in.list();
  if (parts != 2 && parts != 3 && parts != 5) in.fail("not a reference");
  Reference r;
  std::uint64_t type = in.natural();
  if (type > last_type)
    throw Error(ErrorCode::newer_format, "a value of unknown type " + std::to_string(type), "upgrade backlot");
  r.type = static_cast<TypeTag>(type);
  if (parts == 2) {
    r.inline_bytes = in.bytes();
    r.size = r.inline_bytes.size();
    return r;
  }
  r.place = parts == 3 ? Reference::Place::blob : Reference::Place::packed;
  r.size = in.natural();
  r.id = read_digest(in);
  if (parts == 3) return r;
  r.pack = read_digest(in);
  r.pack_offset = in.natural();
  return r;
}

void write(CborWriter& out, const std::vector<NamedReference>& references) {
  out.map(references.size());
  for (const NamedReference& r : references) {
    out.text(r.name);
    write(out, r.value);
  }
}

std::vector<NamedReference> read_references(CborReader& in) {
  std::vector<NamedReference> all;
  for (std::uint64_t n = in.map(); n > 0; --n) {
    NamedReference& r = all.emplace_back();
    r.name = in.text();
    r.value = read_reference(in);
  }
  return all;
}

void write(CborWriter& out, const Failure& f) {
  out.list(5);
  out.natural(static_cast<std::uint64_t>(f.kind));
  out.integer(f.code);
  // What failed may not be able to say so properly; that must not fail too.
  out.text(repaired_utf8(f.type));
  out.text(repaired_utf8(f.message));
  out.text(repaired_utf8(f.place));
}

Failure read_failure(CborReader& in) {
  in.list_of(5);
  Failure f;
  std::uint64_t kind = in.natural();
  if (kind > last_failure) throw Error(ErrorCode::newer_format, "a failure of unknown kind", "upgrade backlot");
  f.kind = static_cast<FailureKind>(kind);
  f.code = static_cast<std::int32_t>(in.integer(INT32_MIN, INT32_MAX));
  f.type = in.text();
  f.message = in.text();
  f.place = in.text();
  return f;
}

}  // namespace backlot
