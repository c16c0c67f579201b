#include "backlot/base/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <cstdlib>

#include "backlot/base/digest.h"
#include "backlot/base/error.h"

namespace backlot {

Secret Secret::taken_from(std::string& text) {
  Secret taken(text);
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
  return taken;
}

Secret::~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

Secret Secret::random() {
  Digest random;
  if (RAND_bytes(random.bytes.data(), static_cast<int>(random.bytes.size())) != 1)
    throw Error(ErrorCode::internal, "the system gives no random numbers");
  std::string hex = random.hex();
  OPENSSL_cleanse(random.bytes.data(), random.bytes.size());
  return taken_from(hex);
}

Secret Secret::taken_from_environment(const char* variable) {
  char* value = std::getenv(variable);
  if (!value) return {};
  Secret taken(value);
  OPENSSL_cleanse(value, taken.bytes_.size());
  unsetenv(variable);
  return taken;
}

bool Secret::operator==(std::string_view other) const {
  return bytes_.size() == other.size() && CRYPTO_memcmp(bytes_.data(), other.data(), bytes_.size()) == 0;
}

}  // namespace backlot
