// Any bytes are refused with an Error, or are items that, written again, are the same bytes.
#include <cstdint>

#include "backlot/base/error.h"
#include "backlot/value/cbor.h"

namespace backlot {
namespace {

void copy(CborReader& in, CborWriter& out) {
  switch (in.next_type()) {
    case CborType::null: in.null(); return out.null();
    case CborType::boolean: return out.boolean(in.boolean());
    case CborType::natural: return out.natural(in.natural());
    case CborType::negative: {
      CborInteger value = in.any_integer();
      if (value.magnitude <= INT64_MAX) return out.integer(~static_cast<std::int64_t>(value.magnitude));
      std::string head;
      CborWriter(head).natural(value.magnitude);
      head[0] |= 0x20;
      return out.raw(head);
    }
    case CborType::real: return out.real(in.real());
    case CborType::text: return out.text(in.text());
    case CborType::bytes: return out.bytes(in.bytes());
    case CborType::tag: out.tag(in.tag()); return copy(in, out);
    case CborType::list: {
      std::uint64_t count = in.list();
      auto nested = out.nested();  // what can be read can be written
      out.list(count);
      while (count-- > 0) copy(in, out);
      return;
    }
    case CborType::map: {
      std::uint64_t count = in.map();
      auto nested = out.nested();
      out.map(count);
      for (std::uint64_t i = 0; i < 2 * count; ++i) copy(in, out);
      return;
    }
  }
}

}  // namespace
}  // namespace backlot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backlot;
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  bool skipped = false;
  try {
    CborReader in(bytes);
    BACKLOT_ASSERT(in.skip() == bytes.substr(0, in.offset()));
    in.end();
    skipped = true;
  } catch (const Error& e) { BACKLOT_ASSERT(e.code() == ErrorCode::corrupt); }
  std::string again;
  bool read = false;
  try {
    CborReader in(bytes);
    CborWriter out(again);
    copy(in, out);
    in.end();
    read = true;
  } catch (const Error& e) { BACKLOT_ASSERT(e.code() == ErrorCode::corrupt); }
  BACKLOT_ASSERT(skipped == read);
  BACKLOT_ASSERT(!read || again == bytes);
  return 0;
}
