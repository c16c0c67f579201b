// Addresses, ranges and the headers that are read by hand.
#include "backlot/base/error.h"
#include "backlot/client/client.h"
#include "backlot/server/delivery.h"
#include "backlot/server/guard.h"
#include "backlot/server/gzip.h"
#include "backlot/server/live.h"
#include "backlot/server/request_target.h"
#include "backlot/server/router.h"
#include "backlot/server/time_query.h"

namespace backlot::server {
namespace {

class Nothing : public Content {
 public:
  std::uint64_t size() const override { return 10; }
  std::string read(std::uint64_t, std::size_t) override { return {}; }
};

void route(const std::string& text) {
  static const Handler handler = [](const Request&, client::Client&) { return Response(); };
  static const Router router({{"GET", "/a/{b}/c", Role::reader, handler}, {"GET", "/{x}", Role::reader, handler}});
  try {
    RequestTarget target = parse_target(text);
    router.find("GET", target.path);
    for (const std::string& segment : target.path) {
      if (parse_target("/" + percent_encoded(segment)).path != std::vector<std::string>{segment}) __builtin_trap();
    }
  } catch (const Error&) {}
}

}  // namespace
}  // namespace backlot::server

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace backlot::server;
  using backlot::Error;
  using backlot::server::Request;  // the catalog has one, too
  std::string text(reinterpret_cast<const char*>(data), size);
  route(text);
  accepts_gzip(text);
  parse_rfc3339(text);
  host_name(text);
  try {
    parse_topic(text);
  } catch (const Error&) {}
  Request request;
  request.method = "GET";
  request.headers = {{"range", text}, {"cookie", text}, {"authorization", text}, {"host", text}};
  static const Guard guard({{"localhost"}, true, "token", "other"});
  guard.role_of(request);
  guard.refusal(request);
  Response response;
  response.content = std::make_shared<Nothing>();
  response = delivered(std::move(response), request);
  if (response.content && response.content->size() > 10) __builtin_trap();
  return 0;
}
