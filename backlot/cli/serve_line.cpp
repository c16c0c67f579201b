#include "backlot/cli/serve_line.h"

namespace backlot::cli {

void ServeLine::declare(CommandLine& line) {
  line.add("--address", address, "where to listen; off loopback a token is needed").shows_default();
  line.add("--port", port, "0: any free one").shows_default();
  line.add("--allow-host", hosts, "a further name that the server is reached by; may be repeated");
  line.add("--console", console, "folder of the console's pages");
  line.footer(
      "Tokens are given by BACKLOT_TOKEN (may do everything) and BACKLOT_READER_TOKEN (may only look); off loopback "
      "one\n"
      "is made and printed when there is none.");
}

std::vector<std::string> ServeLine::words() const {
  std::vector<std::string> words{"--address", address, "--port", std::to_string(port)};
  for (const std::string& host : hosts) words.insert(words.end(), {"--allow-host", host});
  if (!console.empty()) words.insert(words.end(), {"--console", console});
  return words;
}

}  // namespace backlot::cli
