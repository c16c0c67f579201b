#include "backlot/server/serve.h"

#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <random>

#include "backlot/base/durable_folder.h"
#include "backlot/base/identity.h"
#include "backlot/base/system_files.h"
#include "backlot/server/app.h"
#include "backlot/server/http_server.h"

namespace backlot::server {
namespace {

constexpr int drain_seconds = 5;

/// In a build beside the folder of programs, below the prefix when installed.
std::string console_folder() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::path bin = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* place : {"../../console", "../share/backlot/console"}) {
    fs::path folder = (bin / place).lexically_normal();
    if (fs::exists(folder / "index.html", ignored)) return folder;
  }
  return {};
}

Pages pages_of(const ServeOptions& options) {
  std::string folder = options.console.empty() ? console_folder() : options.console;
  return folder.empty() ? Pages() : Pages(folder);
}

bool is_loopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

/// 128 random bits.
std::string new_token() {
  std::random_device source;
  std::string token;
  for (int i = 0; i < 4; ++i) {
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", source());
    token += digits;
  }
  return token;
}

GuardOptions guard_of(ServeOptions& options) {
  const bool open_to_others = !is_loopback(options.address);
  if (options.operator_token.empty() && (open_to_others || !options.reader_token.empty()))
    options.operator_token = new_token();
  GuardOptions guard;
  guard.hosts = options.hosts;
  guard.hosts.insert(guard.hosts.end(), {"localhost", "127.0.0.1", "::1", host_name(options.address)});
  if (open_to_others) guard.hosts.push_back(host_name(current_host()));
  guard.any_address = open_to_others;
  guard.operator_token = options.operator_token;
  guard.reader_token = options.reader_token;
  return guard;
}

void announce(const ServeOptions& options, std::uint16_t port, bool token_is_ours, bool has_pages) {
  std::string host = options.address.find(':') == std::string::npos ? options.address : "[" + options.address + "]";
  if (options.address == "0.0.0.0" || options.address == "::") host = current_host();
  std::string url = "http://" + host + ":" + std::to_string(port) + "/";
  if (token_is_ours) url += "?token=" + options.operator_token;
  std::printf("console  %s\nhome     %s\n", url.c_str(), options.home.root.c_str());
  if (!has_pages) std::printf("The console's pages are not installed: only the API is served.\n");
  std::fflush(stdout);
}

}  // namespace

void serve(ServeOptions options) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // for the threads to come too
  std::signal(SIGPIPE, SIG_IGN);
  const bool had_token = !options.operator_token.empty();
  GuardOptions guard = guard_of(options);
  make_durable_folder(system_files(), options.home.root);
  HttpOptions http;
  http.address = options.address;
  http.port = options.port;
  Pages pages = pages_of(options);
  const bool has_pages = !pages.empty();
  App app(options.home, std::move(guard), std::move(pages), http.workers);
  HttpServer server(http, [&](Request&& request, int worker) { return app.answer(std::move(request), worker); });
  announce(options, server.port(), !had_token && !options.operator_token.empty(), has_pages);
  int signal = 0;
  sigwait(&ends, &signal);
  server.drain(drain_seconds);
  app.end_streams();
}

}  // namespace backlot::server
