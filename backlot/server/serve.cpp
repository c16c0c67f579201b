#include "backlot/server/serve.h"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

#include "backlot/base/identity.h"
#include "backlot/base/system_files.h"
#include "backlot/server/app.h"
#include "backlot/server/browser.h"
#include "backlot/server/http_server.h"
#include "backlot/server/private_folder.h"

namespace backlot::server {
namespace {

constexpr int drain_seconds = 5;

/// Of a build in the folder of all builds, of an installation below its prefix; this program lies in libexec/backlot of
/// either.
std::string console_folder() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::path libexec = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* place : {"../../../console", "../../share/backlot/console"}) {
    fs::path folder = (libexec / place).lexically_normal();
    if (fs::exists(folder / "index.html", ignored)) return folder;
  }
  return {};
}

StaticFiles pages_of(const ServeOptions& options) {
  std::string folder = options.console.empty() ? console_folder() : options.console;
  return folder.empty() ? StaticFiles() : StaticFiles(folder, options.base_path);
}

bool is_loopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

/// Where the server's own account finds it, and nobody else.
struct PrivateFiles {
  explicit PrivateFiles(std::string path) : folder(std::move(path)) { make_private_folder(folder); }
  std::string folder;
  std::string socket() const { return folder + "/socket"; }
  std::string token() const { return folder + "/token"; }
  std::string metrics_token() const { return folder + "/metrics-token"; }
  std::string sessions() const { return folder + "/sessions"; }
  std::string opening_page() const { return folder + "/open.html"; }

  void remove_of_this_run() const {
    unlink(socket().c_str());
    unlink(opening_page().c_str());
  }
  /// Of a server that no other will ever follow: its port was any.
  void remove_all() const {
    remove_of_this_run();
    for (const std::string& file : {token(), metrics_token(), sessions()}) unlink(file.c_str());
    rmdir(folder.c_str());
  }
};

TokenSource source_of(Role role, const char* variable, const GivenToken& given, const std::string& made_at) {
  if (!given.file.empty()) return {role, given.file, {}, given.file};
  if (!given.text.empty()) return {role, variable, given.text, ""};
  if (!system_files().info(made_at)) write_private_file(made_at, std::string(Secret::random().revealed()) + "\n");
  return {role, made_at, {}, made_at};
}

AccessOptions access_of(const ServeOptions& options, const PrivateFiles& files, std::uint16_t port) {
  AccessOptions access;
  access.tokens.push_back(source_of(Role::operator_, "BACKLOT_TOKEN", options.operator_token, files.token()));
  access.tokens.push_back(
      source_of(Role::metrics, "BACKLOT_METRICS_TOKEN", options.metrics_token, files.metrics_token()));
  const GivenToken& reader = options.reader_token;
  if (!reader.file.empty() || !reader.text.empty())
    access.tokens.push_back(source_of(Role::reader, "BACKLOT_READER_TOKEN", reader, ""));
  access.least_token_bits = is_loopback(options.address) ? 0 : 128;
  access.sessions_file = files.sessions();
  access.cookie = "backlot_" + std::to_string(port);
  return access;
}

GuardOptions guard_of(const ServeOptions& options) {
  const bool open_to_others = !is_loopback(options.address);
  GuardOptions guard;
  for (const std::string& host : options.hosts) {
    guard.hosts.push_back(host_name(host));
    if (guard.hosts.back().empty())
      throw Error(ErrorCode::usage, "\"" + host + "\" is no host",
                  "--allow-host takes a name such as flows.example.org");
  }
  guard.hosts.insert(guard.hosts.end(), {"localhost", "127.0.0.1", "::1", options.address});
  if (open_to_others) guard.hosts.push_back(host_name(current_host()));
  guard.any_address = open_to_others;
  return guard;
}

std::string url_of(const ServeOptions& options, std::uint16_t port) {
  std::string host = options.address.find(':') == std::string::npos ? options.address : "[" + options.address + "]";
  if (options.address == "0.0.0.0" || options.address == "::") host = current_host();
  return "http://" + host + ":" + std::to_string(port) + options.base_path + "/";
}

void announce(const ServeOptions& options, const std::string& url, const PrivateFiles& files,
              const AccessOptions& access, bool has_pages) {
  const TokenSource& token = access.tokens.front();
  std::printf("console  %s\nhome     %s\nsocket   %s\ntoken    %s\n", url.c_str(), options.home.root.c_str(),
              files.socket().c_str(), token.file.empty() ? token.name.c_str() : token.file.c_str());
  if (!has_pages) std::printf("The console's pages are not installed: only the API is served.\n");
  std::fflush(stdout);
}

/// As many connections as the system lets us have.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Opens a browser that is signed in. When none comes within ten seconds, as over SSH, a link is printed instead.
class Opening {
 public:
  Opening(OneTimeSecrets& secrets, std::string url, std::string file)
      : secrets_(secrets), url_(std::move(url)), file_(std::move(file)), since_(std::chrono::steady_clock::now()) {
    write_private_file(file_, opening_page(url_, secrets_.make(file_life)));
    if (!open_in_browser(file_)) print_link();
  }
  ~Opening() { unlink(file_.c_str()); }

  /// Called once a second; false when there is nothing left to do.
  bool go_on() {
    const auto passed = std::chrono::steady_clock::now() - since_;
    if (secrets_.any_redeemed() || passed > file_life) return false;
    if (!printed_ && passed > patience) print_link();
    return true;
  }

 private:
  static constexpr std::chrono::seconds file_life{60}, patience{10}, link_life{600};

  void print_link() {
    printed_ = true;
    std::printf("open     %s?token=%s   (once, within ten minutes)\n", url_.c_str(), secrets_.make(link_life).c_str());
    std::fflush(stdout);
  }

  OneTimeSecrets& secrets_;
  const std::string url_, file_;
  const std::chrono::steady_clock::time_point since_;
  bool printed_ = false;
};

void wait_for_end(const sigset_t& ends, std::optional<Opening> opening) {
  const timespec second{1, 0};
  while (opening && opening->go_on())
    if (sigtimedwait(&ends, nullptr, &second) > 0) return;
  opening.reset();
  int signal = 0;
  sigwait(&ends, &signal);
}

}  // namespace

void serve(ServeOptions options) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // for the threads to come too
  std::signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_DUMPABLE, 0);  // tokens and sessions: not for debuggers, not into core dumps
  raise_descriptor_limit();
  options.base_path = base_path(options.base_path);
  TrustedProxies proxies(options.trusted_proxies);
  GuardOptions guard = guard_of(options);
  StaticFiles pages = pages_of(options);
  const bool has_pages = !pages.empty();
  make_home(options.home);
  HttpOptions http;
  http.address = options.address;
  http.port = options.port;
  http.speaks_for_many = [&](std::string_view address) { return proxies.trusts(address); };
  std::array<int, work_classes> workers{};
  for (std::size_t i = 0; i < work_classes; ++i) workers[i] = http.pools[i].threads;
  App* answering = nullptr;  // set before the first request is
  http.work_of = [&](const Request& request) { return answering->work_of(request); };
  HttpServer server(std::move(http));
  const std::uint16_t port = server.port();
  PrivateFiles files(options.private_folder.empty() ? default_private_folder(port) : options.private_folder);
  server.listen_locally(files.socket());
  AccessOptions access = access_of(options, files, port);
  App app({options.home, std::move(guard), access, std::move(pages), proxies, options.trusts_group, options.base_path,
           workers, std::move(options.modules)});
  answering = &app;
  server.begin([&](Request&& r, Work work, int worker) { return app.answer(std::move(r), work, worker); });
  const std::string url = url_of(options, port);
  announce(options, url, files, access, has_pages);
  std::optional<Opening> opening;
  if (options.opens_browser && has_pages) opening.emplace(app.one_time_secrets(), url, files.opening_page());
  wait_for_end(ends, std::move(opening));
  const bool all_answered = server.drain(drain_seconds);
  app.end_streams();
  options.port == 0 && options.private_folder.empty() ? files.remove_all() : files.remove_of_this_run();
  // A thread that waits for a disk or a lock cannot be told to end, and nothing that it does has to be waited for.
  if (!all_answered) std::_Exit(0);
}

}  // namespace backlot::server
