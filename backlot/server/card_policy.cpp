#include "backlot/server/card_policy.h"

#include <openssl/evp.h>

#include "backlot/base/digest.h"

namespace backlot::server {
namespace {

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), from, static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace

// To "*", for the page around it has another origin than the card's, which is none; a height is no secret.
const std::string_view card_script =
    "(() => { const tell = () => parent.postMessage({ cardHeight: document.documentElement.offsetHeight }, '*'); "
    "new ResizeObserver(tell).observe(document.documentElement); tell() })()";

std::string card_policy(bool runs_authors_scripts) {
  std::string scripts = runs_authors_scripts ? "'unsafe-inline' 'unsafe-eval' data: blob:"
                                             : "'sha256-" + base64(sha256(card_script).view()) + "'";
  return "sandbox allow-scripts; default-src 'none'; script-src " + scripts +
         "; style-src 'unsafe-inline' data:; img-src data: blob:; font-src data:; media-src data: blob:; "
         "connect-src 'none'; webrtc 'block'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
}

}  // namespace backlot::server
