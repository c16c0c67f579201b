// The library of a domain that is there for the tests: it counts words.
#pragma once
#include <cstddef>
#include <string_view>

namespace backlot::tally {

/// Words of a text, which blanks and line ends separate.
std::size_t count_words(std::string_view text);

}  // namespace backlot::tally
