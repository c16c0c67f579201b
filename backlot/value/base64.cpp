#include "backlot/value/base64.h"

#include <openssl/evp.h>

#include <climits>

#include "backlot/base/error.h"

namespace backlot {
namespace {

const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* unsigned_bytes(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace

std::string to_base64(std::string_view bytes) {
  if (bytes.size() > INT_MAX / 2) throw Error(ErrorCode::unsupported, "more than 1 GiB of bytes as base64");
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(unsigned_bytes(text), unsigned_bytes(bytes), static_cast<int>(bytes.size()));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > INT_MAX) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  int size = EVP_DecodeBlock(unsigned_bytes(bytes), unsigned_bytes(text), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(bytes.size() - (text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0));
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace backlot
