#include "backlot/value/codec.h"

namespace backlot::codec {

void throw_no_json(std::string_view type) {
  throw Error(ErrorCode::unsupported, std::string(type) + " cannot be read from JSON");
}

Error as_invalid(const Error& e) {
  Error invalid(ErrorCode::invalid, e.message(), e.hint());
  return e.context().empty() ? invalid : invalid.in(e.context());
}

}  // namespace backlot::codec
