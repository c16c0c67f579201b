// Values as JSON, for people and for --json.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "backlot/value/reference.h"
#include "backlot/value/saver.h"

namespace backlot {

struct JsonOptions {
  int indent = -1;                     ///< -1: all on one line
  std::size_t tensor_elements = 1000;  ///< at most so many elements of a tensor are shown
};

/// JSON has fewer types. Floats that are no numbers are the texts "NaN", "Infinity", "-Infinity"; bytes are base64
/// text; integers beyond 64 bits are decimal text; keys of maps are texts. What has no JSON form is an object that says
/// so: {"$type": "pickle", "size": 17}; of tensors also "dtype", "shape" and "data"; of files "name" and "size".
/// Throws Error corrupt.
std::string to_json(TypeTag type, std::string_view raw, const JsonOptions& options = {});
std::string to_json(const Reference& value, ValueLoader& loader, int indent = -1);

}  // namespace backlot
