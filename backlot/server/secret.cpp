#include "backlot/server/secret.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "backlot/base/digest.h"

namespace backlot::server {

std::string mark_of(std::string_view secret) { return sha256(secret).hex(); }

double bits_of(std::string_view secret) {
  auto has = [&](auto is_one) { return std::any_of(secret.begin(), secret.end(), is_one); };
  bool only_hex = std::all_of(secret.begin(), secret.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  double kinds = has([](char c) { return c >= '0' && c <= '9'; }) ? 10 : 0;
  bool has_lower = has([](char c) { return c >= 'a' && c <= 'z'; });
  bool has_upper = has([](char c) { return c >= 'A' && c <= 'Z'; });
  kinds += only_hex ? (has_lower || has_upper ? 6 : 0) : (has_lower ? 26 : 0) + (has_upper ? 26 : 0);
  if (has([](char c) { return c != ' ' && (c < '0' || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') || c > 'z'); }))
    kinds += 32;
  // What was drawn by chance repeats itself little: "aaaa…" was not drawn from 26 letters.
  auto different = static_cast<double>(std::set<char>(secret.begin(), secret.end()).size());
  kinds = std::min(kinds, different * 4);
  if (different < 8) kinds = std::min(kinds, different);
  return kinds < 2 ? 0 : static_cast<double>(secret.size()) * std::log2(kinds);
}

}  // namespace backlot::server
