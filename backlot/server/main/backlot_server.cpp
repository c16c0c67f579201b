#include "backlot/cli/cli.h"
#include "backlot/cli/serve_line.h"
#include "backlot/cli/terminal.h"
#include "backlot/server/serve.h"

namespace {

using backlot::Error;
using backlot::ErrorCode;
using backlot::Secret;

int serve(std::vector<std::string> words) {
  backlot::cli::ServeLine given;
  backlot::cli::CommandLine line("the console in a browser, and the HTTP API", "backlot serve");
  given.declare(line);
  if (line.parse(std::move(words), false).asks_for_help) {
    backlot::cli::print(line.help());
    return 0;
  }
  if (given.port < 0 || given.port > 65535) throw Error(ErrorCode::usage, "--port must be from 0 to 65535");
  backlot::server::ServeOptions options;
  options.home = backlot::find_home();
  options.address = given.address;
  options.port = static_cast<std::uint16_t>(given.port);
  options.hosts = given.hosts;
  options.console = given.console;
  options.operator_token = {Secret::taken_from_environment("BACKLOT_TOKEN"), given.token_file};
  options.reader_token = {Secret::taken_from_environment("BACKLOT_READER_TOKEN"), given.reader_token_file};
  options.metrics_token = {Secret::taken_from_environment("BACKLOT_METRICS_TOKEN"), given.metrics_token_file};
  options.private_folder = given.private_folder;
  options.trusted_proxies = given.trusted_proxies;
  options.base_path = given.base_path;
  options.trusts_group = given.trust_group;
  options.opens_browser = !given.no_browser;
  options.modules = backlot::server::domain_modules();
  backlot::server::serve(std::move(options));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return serve(std::vector<std::string>(argv + (argc > 0), argv + argc));
  } catch (const Error& e) { return backlot::cli::report(e); } catch (const std::exception& e) {
    return backlot::cli::report(Error(ErrorCode::internal, e.what()));
  }
}
