// Typed values as JSON, for people and for --json; and JSON as CBOR, for parameters.
#pragma once
#include <string>
#include <string_view>

#include "backlot/value/saver.h"

namespace backlot {

/// NaN and infinities are the texts "NaN", "Infinity", "-Infinity"; bytes are {"bytes": base64}.
std::string json_of_cbor(std::string_view item);

/// Any stored value. Of a tensor: dtype, shape and its first elements; of a pickle, file or folder: type and size.
/// `indent` as nlohmann::json::dump takes it: -1 is one line.
std::string to_json(const Reference& value, ValueLoader& loader, int indent = -1);

bool is_utf8(std::string_view text);

}  // namespace backlot
