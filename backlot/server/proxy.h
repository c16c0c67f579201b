// What a proxy in front says of its clients: believed of those that the server was told to trust, of nobody else.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/server/http.h"

namespace backlot::server {

/// A range of addresses, "10.0.0.0/8" or "::1".
class AddressRange {
 public:
  /// Throws Error usage.
  static AddressRange parse(const std::string& text);
  bool contains(std::string_view address) const;

 private:
  std::array<unsigned char, 16> bytes_{};  ///< IPv4 as ::ffff:a.b.c.d
  int bits_ = 128;
};

class TrustedProxies {
 public:
  TrustedProxies() = default;
  explicit TrustedProxies(const std::vector<std::string>& ranges);
  bool trusts(std::string_view address) const;
  /// Sets the peer and the scheme of a request that a trusted proxy has passed on: from X-Forwarded-For the last
  /// address that is no trusted proxy's, and X-Forwarded-Proto.
  void apply(Request& request) const;

 private:
  std::vector<AddressRange> ranges_;
};

/// "/backlot" of "backlot", "/backlot" or "/backlot/"; empty of "/" and "". Throws Error usage for what is no path.
std::string base_path(const std::string& text);

}  // namespace backlot::server
