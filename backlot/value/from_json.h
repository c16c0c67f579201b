// JSON as values: for parameters.
#pragma once
#include <string_view>

#include "backlot/value/raw_value.h"

namespace backlot {

/// null, bool, int, float, text, list or map: integers stay integers, 1.0 is a float, objects keep the order of their
/// keys. Throws Error invalid, with the place, when it is not JSON, has a key twice, an integer beyond 64 bits, a text
/// that is not UTF-8, or nests too deep.
RawValue from_json(std::string_view json);

}  // namespace backlot
