// The frame of a page that stands alone: one file, readable in light and dark, on a phone and printed, that runs no
// script and loads nothing.
#pragma once
#include <string>
#include <string_view>

namespace backlot::card {

struct Page {
  std::string title;       ///< text
  std::string_view style;  ///< what the page adds to the common style: trusted
  std::string body;        ///< HTML; what comes from elsewhere is escaped() in it
};

std::string html_of(const Page& page);

}  // namespace backlot::card
