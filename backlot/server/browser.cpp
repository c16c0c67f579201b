#include "backlot/server/browser.h"

#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>
#include <thread>

#include "backlot/base/detached_process.h"
#include "backlot/base/error.h"

namespace backlot::server {
namespace {

std::string value_of(const char* variable) {
  const char* value = std::getenv(variable);
  return value ? value : "";
}

/// Of $BROWSER's list the first.
std::string opener() {
  std::string chosen = value_of("BROWSER");
  if (!chosen.empty()) return chosen.substr(0, chosen.find(':'));
  return value_of("DISPLAY").empty() && value_of("WAYLAND_DISPLAY").empty() ? "" : "xdg-open";
}

}  // namespace

std::string opening_page(const std::string& url, const std::string& secret) {
  return "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<title>Backlot</title>\n<form method=\"post\" action=\"" +
         url + "api/v1/session\">\n<input type=\"hidden\" name=\"secret\" value=\"" + secret +
         "\">\n<button>Open the console</button>\n</form>\n<script>document.forms[0].submit()</script>\n";
}

bool open_in_browser(const std::string& file) {
  const std::string program = opener();
  if (program.empty()) return false;
  try {
    const pid_t pid = start_detached({{program, file}, {}, "", -1});
    std::thread([pid] {
      while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
    }).detach();
  } catch (const Error&) { return false; }
  return true;
}

}  // namespace backlot::server
