// The command line of `backlot serve`. The server is a program of its own, so that neither `backlot` nor a flow binary
// carries it: `serve` reads its words, and becomes that program with the same.
#pragma once
#include <string>
#include <vector>

#include "backlot/cli/command_line.h"

namespace backlot::cli {

struct ServeLine {
  std::string address = "127.0.0.1", console;
  int port = 8700;
  std::vector<std::string> hosts, trusted_proxies;
  std::string token_file, reader_token_file, metrics_token_file, private_folder, base_path;
  bool no_browser = false, trust_group = false;

  void declare(CommandLine& line);
  /// What declare() would read again.
  std::vector<std::string> words() const;
};

}  // namespace backlot::cli
