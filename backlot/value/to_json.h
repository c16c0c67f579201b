// Values as JSON, for people and for --json.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "backlot/value/reference.h"
#include "backlot/value/saver.h"

namespace backlot {

struct JsonOptions {
  int indent = -1;  ///< -1: all on one line
  std::size_t tensor_elements =
      1000;             ///< at most so many elements of a tensor, or cells of whole rows of a table, are shown
  bool tagged = false;  ///< what JSON has no form for is an object that says what it is
};

/// JSON has fewer types. Floats that are no numbers are the texts "NaN", "Infinity", "-Infinity"; bytes are base64
/// text; integers beyond 64 bits are decimal text; keys of maps are texts. What has no JSON form is an object that says
/// so: {"$type": "pickle", "size": 17}; of tensors "dtype", "shape" and "data" (docs/formats/values.md).
/// Tagged, nothing is taken for what it is not: {"$float": "NaN"}, {"$int": "18446744073709551616"}, {"$bytes":
/// base64},
/// {"$complex": [re, im]}, and {"$map": [[key, value], …]} for a map with keys that are no texts or begin with "$".
/// Throws Error corrupt.
std::string to_json(TypeTag type, std::string_view raw, const JsonOptions& options = {});
std::string to_json(const Reference& value, ValueLoader& loader, const JsonOptions& options = {});

/// A tensor as lists within lists, each innermost one on a line of its own; of one without dimensions its element.
/// Empty when it has more than `most` elements (a dimension of 0 counts as 1). Throws Error corrupt.
std::optional<std::string> tensor_as_lists(std::string_view raw, std::size_t most = JsonOptions().tensor_elements);

}  // namespace backlot
