#include "backlot/server/module.h"

#include <gtest/gtest.h>

#include "backlot/base/test_errors.h"

namespace backlot::server {
namespace {

Module with(const std::string& pattern) {
  return {"tally", {{"GET", pattern, Role::reader, [](const Request&, client::Client&) { return Response(); }}}};
}

TEST(Module, has_its_routes_below_its_name) {
  EXPECT_EQ(routes_of({with("/api/v1/tally/count"), with("/api/v1/tally/{name}")}).size(), 2u);
  for (const char* pattern : {"/api/v1/runs", "/api/v1/tally", "/api/v1/tally2/count", "/healthz", ""})
    EXPECT_EQ(code_from([&] { routes_of({with(pattern)}); }), ErrorCode::internal) << pattern;
}

}  // namespace
}  // namespace backlot::server
