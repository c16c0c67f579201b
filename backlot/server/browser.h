// Opening the console in a browser that is signed in, without a secret that `ps` or a history would show.
#pragma once
#include <string>

namespace backlot::server {

/// A page that posts a one-time secret to `url` (with a slash at its end) as soon as it is opened.
std::string opening_page(const std::string& url, const std::string& secret);

/// Has the user's browser ($BROWSER, else xdg-open where there is a display) open a file. False when there is none.
bool open_in_browser(const std::string& file);

}  // namespace backlot::server
