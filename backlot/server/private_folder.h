// The folder that only the server's own account can look into: its socket, its tokens, the page that opens a browser.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace backlot::server {

/// $XDG_STATE_HOME/backlot/serve/PORT, else ~/.local/state/backlot/serve/PORT. Throws Error usage when HOME is unknown.
std::string default_private_folder(std::uint16_t port);

/// Makes it with mode 0700, and what is missing above it. Throws Error permission when it belongs to somebody else or
/// others may enter it.
void make_private_folder(const std::string& folder);

/// Writes a file of mode 0600 that appears whole. Throws Error.
void write_private_file(const std::string& path, std::string_view bytes);

}  // namespace backlot::server
