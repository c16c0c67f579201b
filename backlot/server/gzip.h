// gzip for answers (RFC 1952), by zlib.
#pragma once
#include <string>
#include <string_view>

namespace backlot::server {

std::string gzipped(std::string_view bytes);

/// Whether an Accept-Encoding header allows gzip (RFC 9110, 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace backlot::server
