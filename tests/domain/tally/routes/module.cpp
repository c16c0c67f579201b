// GET /api/v1/tally/count?text=…: {"words": 3}
#include "backlot/server/module.h"

#include "tests/domain/tally/tally.h"

namespace backlot::server {

Module tally_module();
Module tally_module() {
  auto count = [](const Request& request, client::Client&) {
    return Response::json("{\"words\":" + std::to_string(tally::count_words(request.text("text"))) + "}");
  };
  auto broken = [](const Request&, client::Client&) -> Response { throw std::runtime_error("a module's own mistake"); };
  return {"tally",
          {{"GET", "/api/v1/tally/count", Role::reader, count}, {"GET", "/api/v1/tally/broken", Role::reader, broken}}};
}

}  // namespace backlot::server
