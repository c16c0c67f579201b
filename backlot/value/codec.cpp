#include "backlot/value/codec.h"

namespace backlot::codec {

void expect_type(TypeTag expected, const Reference& found) {
  if (found.type == expected) return;
  throw Error(ErrorCode::wrong_type,
              "expected a " + std::string(name_of(expected)) + ", found a " + std::string(name_of(found.type)));
}

void throw_no_json(std::string_view type) {
  throw Error(ErrorCode::unsupported, std::string(type) + " cannot be read from JSON");
}

Error as_invalid(const Error& e) {
  Error invalid(ErrorCode::invalid, e.message(), e.hint());
  return e.context().empty() ? invalid : invalid.in(e.context());
}

}  // namespace backlot::codec
