#include "backlot/base/digest.h"

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <cstring>
#include <new>

namespace backlot {

static_assert(sizeof(SHA256_CTX) <= 128);

Sha256::Sha256() { SHA256_Init(new (state_) SHA256_CTX); }
void Sha256::add(std::string_view bytes) {
  SHA256_Update(std::launder(reinterpret_cast<SHA256_CTX*>(state_)), bytes.data(), bytes.size());
}
Digest Sha256::finish() {
  Digest out;
  SHA256_Final(out.bytes.data(), std::launder(reinterpret_cast<SHA256_CTX*>(state_)));
  return out;
}

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

std::string Digest::hex() const {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(64);
  for (unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::optional<Digest> Digest::from_hex(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  auto value = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  Digest out;
  for (std::size_t i = 0; i < 32; ++i) {
    int high = value(text[2 * i]), low = value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.bytes[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return out;
}

std::optional<Digest> Digest::from_bytes(std::string_view raw) {
  if (raw.size() != 32) return std::nullopt;
  Digest out;
  std::memcpy(out.bytes.data(), raw.data(), 32);
  return out;
}

std::size_t DigestHash::operator()(const Digest& d) const {
  std::size_t value;
  std::memcpy(&value, d.bytes.data(), sizeof value);
  return value;
}

}  // namespace backlot
