#include "backlot/server/proxy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "backlot/server/request_target.h"

namespace backlot::server {
namespace {

using Bytes16 = std::array<unsigned char, 16>;
constexpr int mapped_bits = 96;  // of ::ffff:0:0/96, which IPv4 addresses are put into

std::optional<Bytes16> address_bytes(const std::string& text) {
  Bytes16 bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

std::string_view stripped(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// The values of all headers of that name, one behind the other.
std::string joined(const Request& request, std::string_view name) {
  std::string all;
  for (const auto& [header, value] : request.headers)
    if (header == name) all += (all.empty() ? "" : ",") + value;
  return all;
}

}  // namespace

AddressRange AddressRange::parse(const std::string& text) {
  AddressRange range;
  std::size_t slash = std::min(text.find('/'), text.size());
  const std::string address = text.substr(0, slash);
  auto bytes = address_bytes(address);
  const bool is_ipv4 = address.find(':') == std::string::npos;
  const int most = is_ipv4 ? 32 : 128;
  int bits = most;
  bool good = bytes.has_value();
  if (slash < text.size()) {
    auto [end, failed] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
    good = good && failed == std::errc() && end == text.data() + text.size() && bits >= 0 && bits <= most;
  }
  if (!good) throw Error(ErrorCode::usage, "\"" + text + "\" is no range of addresses", "such as 10.0.0.0/8 or ::1");
  range.bytes_ = *bytes;
  range.bits_ = is_ipv4 ? bits + mapped_bits : bits;
  return range;
}

bool AddressRange::contains(std::string_view address) const {
  auto bytes = address_bytes(std::string(address));
  if (!bytes) return false;
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  if (std::memcmp(bytes->data(), bytes_.data(), whole) != 0) return false;
  const int rest = bits_ % 8;
  return rest == 0 || ((*bytes)[whole] ^ bytes_[whole]) >> (8 - rest) == 0;
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& ranges) {
  for (const std::string& text : ranges) ranges_.push_back(AddressRange::parse(text));
}

bool TrustedProxies::trusts(std::string_view address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const AddressRange& r) { return r.contains(address); });
}

void TrustedProxies::apply(Request& request) const {
  if (!trusts(request.peer.address)) return;
  const std::string list = joined(request, "x-forwarded-for");
  for (std::string_view rest = list; !rest.empty() && trusts(request.peer.address);) {
    std::size_t comma = rest.rfind(',');
    std::string_view last = stripped(comma == rest.npos ? rest : rest.substr(comma + 1));
    rest = comma == rest.npos ? std::string_view() : rest.substr(0, comma);
    if (!address_bytes(std::string(last))) break;
    request.peer.address = std::string(last);
  }
  std::string_view scheme = request.header("x-forwarded-proto");
  if (scheme == "https" || scheme == "http") request.scheme = std::string(scheme);
}

std::string base_path(const std::string& text) {
  std::string base;
  RequestTarget target = parse_target(text.starts_with('/') ? text : "/" + text);
  for (const std::string& segment : target.path) base += "/" + percent_encoded(segment);
  return base;
}

}  // namespace backlot::server
