// The module backlot._tally.
#include <pybind11/pybind11.h>

#include "tests/domain/tally/tally.h"

PYBIND11_MODULE(_tally, module) {
  module.def("count_words", [](const std::string& text) { return backlot::tally::count_words(text); });
}
