// The whole server: from its options to its end.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "backlot/base/secret.h"
#include "backlot/home/home.h"
#include "backlot/server/module.h"

namespace backlot::server {

/// A token, or the file that it is in; neither: the server makes one where it needs one.
struct GivenToken {
  Secret text;
  std::string file;
};

struct ServeOptions {
  Home home;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8700;
  std::vector<std::string> hosts;  ///< further names that it is reached by
  GivenToken operator_token, reader_token, metrics_token;
  std::string private_folder;                ///< empty: default_private_folder()
  std::vector<std::string> trusted_proxies;  ///< ranges of addresses
  std::string base_path;
  bool opens_browser = true;
  bool trusts_group = false;          ///< whoever may write to the home may have code run as us
  std::string console;                ///< folder of the pages; empty: where they are installed
  std::vector<ModuleSource> modules;  ///< of domains
};

/// Serves until SIGINT or SIGTERM, then lets what is being answered be answered. To be called before other threads
/// start. Throws Error when it cannot begin.
void serve(ServeOptions options);

}  // namespace backlot::server
