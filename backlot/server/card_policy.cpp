#include "backlot/server/card_policy.h"

#include "backlot/base/ascii.h"
#include "backlot/base/digest.h"
#include "backlot/value/base64.h"

namespace backlot::server {
// To "*", for the page around it has another origin than the card's, which is none; a height is no secret.
const std::string_view card_script =
    "(() => { const tell = () => parent.postMessage({ cardHeight: document.documentElement.offsetHeight }, '*'); "
    "new ResizeObserver(tell).observe(document.documentElement); tell() })()";

std::size_t place_of_card_script(std::string_view page) {
  constexpr std::string_view doctype = "<!doctype";
  const std::size_t begin = page.find('<');
  if (begin == page.npos || lower_case(page.substr(begin, doctype.size())) != doctype) return 0;
  const std::size_t end = page.find('>', begin);
  return end == page.npos ? 0 : end + 1;
}

std::string card_policy(bool runs_authors_scripts) {
  std::string scripts = runs_authors_scripts ? "'unsafe-inline' 'unsafe-eval' data: blob:"
                                             : "'sha256-" + to_base64(sha256(card_script).view()) + "'";
  return "sandbox allow-scripts; default-src 'none'; script-src " + scripts +
         "; style-src 'unsafe-inline' data:; img-src data: blob:; font-src data:; media-src data: blob:; "
         "connect-src 'none'; webrtc 'block'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
}

}  // namespace backlot::server
