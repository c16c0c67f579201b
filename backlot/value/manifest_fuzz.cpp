// Any bytes are refused with an Error, or are a manifest that, written again, is the same bytes.
#include <cstdint>

#include "backlot/base/error.h"
#include "backlot/value/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backlot;
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    Manifest manifest = decode_manifest(bytes);
    BACKLOT_ASSERT(encode(manifest) == bytes);
    blobs_of(manifest);
  } catch (const Error& e) { BACKLOT_ASSERT(e.code() == ErrorCode::corrupt || e.code() == ErrorCode::newer_format); }
  return 0;
}
