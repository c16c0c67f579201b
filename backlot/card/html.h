// Text as HTML.
#pragma once
#include <string>
#include <string_view>

namespace backlot::card {

/// With `&`, `<`, `>` and quotes as references: for the text of an element and for attributes in quotes.
std::string escaped(std::string_view text);

}  // namespace backlot::card
