// What a browser keeps as a file.
#pragma once
#include <string>
#include <string_view>

namespace backlot::server {

/// The value of Content-Disposition that makes a browser keep the answer under a name (RFC 6266).
std::string attachment_header(std::string_view file_name);

}  // namespace backlot::server
