// A value in memory, encoded.
#pragma once
#include <string>

#include "backlot/value/reference.h"

namespace backlot {

struct RawValue {
  TypeTag type = TypeTag::null;
  std::string raw;
  bool operator==(const RawValue&) const = default;
};

}  // namespace backlot
