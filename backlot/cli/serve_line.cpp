#include "backlot/cli/serve_line.h"

namespace backlot::cli {

void ServeLine::declare(CommandLine& line) {
  line.add("--address", address, "where to listen").shows_default();
  line.add("--port", port, "0: any free one").shows_default();
  line.add("--allow-host", hosts, "a further name that the server is reached by; may be repeated");
  line.flag("--no-browser", no_browser, "open no browser and print no link, as for a service");
  line.add("--token-file", token_file, "file with the token that may do everything");
  line.add("--reader-token-file", reader_token_file, "file with a token that may only look");
  line.add("--metrics-token-file", metrics_token_file, "file with the token that reads /metrics");
  line.add("--private", private_folder, "folder of the socket and the tokens that are made");
  line.flag("--trust-group", trust_group, "run code of whoever may write to a shared home as this account");
  line.add("--trusted-proxy", trusted_proxies, "addresses of a proxy that is believed, 10.0.0.0/8; may be repeated");
  line.add("--base-path", base_path, "path below which a proxy shows the console, /backlot");
  line.add("--console", console, "folder of the console's pages");
  line.footer(
      "A browser is opened that is signed in; programs use the socket or the token that are printed. Tokens are also\n"
      "taken from BACKLOT_TOKEN, BACKLOT_READER_TOKEN and BACKLOT_METRICS_TOKEN.");
}

std::vector<std::string> ServeLine::words() const {
  std::vector<std::string> words{"--address", address, "--port", std::to_string(port)};
  for (const std::string& host : hosts) words.insert(words.end(), {"--allow-host", host});
  for (const std::string& range : trusted_proxies) words.insert(words.end(), {"--trusted-proxy", range});
  if (trust_group) words.emplace_back("--trust-group");
  if (no_browser) words.emplace_back("--no-browser");
  const std::pair<const char*, const std::string&> texts[] = {
      {"--token-file", token_file},  {"--reader-token-file", reader_token_file},
      {"--private", private_folder}, {"--metrics-token-file", metrics_token_file},
      {"--base-path", base_path},    {"--console", console}};
  for (const auto& [name, value] : texts)
    if (!value.empty()) words.insert(words.end(), {name, value});
  return words;
}

}  // namespace backlot::cli
