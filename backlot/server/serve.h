// The whole server: from its options to its end.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "backlot/base/home.h"

namespace backlot::server {

struct ServeOptions {
  Home home;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8700;
  std::vector<std::string> hosts;            ///< further names that it is reached by
  std::string operator_token, reader_token;  ///< off loopback an operator's token is made when none is given
  std::string console;                       ///< folder of the pages; empty: where they are installed
};

/// Serves until SIGINT or SIGTERM, then lets what is being answered be answered. To be called before other threads
/// start. Throws Error when it cannot begin.
void serve(ServeOptions options);

}  // namespace backlot::server
