// A module's own mistakes are its own, and its contract is what it answers.
#include "backlot/server/modules.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "backlot/base/test_errors.h"
#include "backlot/client/test_home.h"
#include "backlot/server/openapi.h"

namespace backlot::server {
namespace {

using nlohmann::ordered_json;
using Document = std::vector<std::string_view>;

const char* const paths = R"({"paths": {"/api/v1/shop/price": {"get": {"summary": "x"}}}})";

Module shop() {
  auto price = [](const Request& request, client::Client&) -> Response {
    if (request.text("of") == "error") throw Error(ErrorCode::usage, "of what?");
    if (request.text("of") == "later") {
      Response response;
      response.produce = [](const Emit&) { throw std::runtime_error("a secret"); };
      return response;
    }
    if (request.text("of") == "number") throw 7;
    throw std::runtime_error("a secret");
  };
  return {"shop", {{"GET", "/api/v1/shop/price", Role::reader, price}}};
}
Module elsewhere() {
  return {"shop",
          {{"GET", "/api/v1/runs/price", Role::reader, [](const Request&, client::Client&) { return Response(); }}}};
}

const ModuleSource shop_source{"shop", shop, [] { return Document{paths}; }};

std::string state_of(const Modules& modules) { return modules.health(true)[0]["state"]; }

/// The code and text of the Error that an answer ends with.
std::pair<ErrorCode, std::string> refusal_of(const Modules&, const Route& route, const std::string& what) {
  client::TestHome home;
  client::Client client = home.client();
  Request request;
  request.query = {{"of", what}};
  try {
    Response response = route.handler(request, client);
    if (response.produce) response.produce([](std::string_view) {});
  } catch (const Error& e) { return {e.code(), e.message()}; }
  return {};
}

TEST(Modules, say_who_failed_and_not_how) {
  Modules modules({shop_source});
  const Route route = modules.take_routes().at(0);
  EXPECT_EQ(state_of(modules), "ok");
  EXPECT_EQ(refusal_of(modules, route, "error"), std::pair(ErrorCode::usage, std::string("of what?")));
  EXPECT_EQ(state_of(modules), "ok") << "an Error is an answer";
  for (const char* what : {"", "later", "number"})
    EXPECT_EQ(refusal_of(modules, route, what), std::pair(ErrorCode::internal, std::string("the module shop failed")));
  EXPECT_EQ(state_of(modules), "failed");
  EXPECT_EQ(modules.health(true)[0]["failures"], 3);
  EXPECT_EQ(modules.health(true)[0]["message"], "it threw what is no exception");
  EXPECT_FALSE(modules.health(false)[0].contains("message"));
}

TEST(Modules, that_cannot_be_made_are_off_and_stop_no_other) {
  const ModuleSource broken{"broken", []() -> Module { throw Error(ErrorCode::not_found, "no file"); },
                            [] { return Document(); }};
  Modules modules({broken, shop_source});
  EXPECT_EQ(state_of(modules), "off");
  EXPECT_EQ(modules.health(true)[1]["state"], "ok");
  EXPECT_EQ(modules.take_routes().size(), 1u);
}

TEST(Modules, have_their_part_of_the_document) {
  const ordered_json document = ordered_json::parse(Modules({shop_source}).openapi());
  EXPECT_TRUE(document["paths"].contains("/api/v1/shop/price"));
  EXPECT_TRUE(document["paths"].contains("/api/v1/runs"));
  EXPECT_EQ(document["openapi"], "3.1.0");
}

TEST(Modules, whose_document_is_not_what_they_answer_are_off) {
  const auto state = [](Module (*make)(), std::vector<std::string_view> (*openapi)()) {
    return state_of(Modules({{"shop", make, openapi}}));
  };
  EXPECT_EQ(state(shop, [] { return Document{paths}; }), "ok");
  EXPECT_EQ(state(shop, [] { return Document{}; }), "off") << "a route that is not told";
  EXPECT_EQ(state(shop, [] { return Document{paths, R"({"paths": {"/api/v1/shop/size": {"get": {}}}})"}; }), "off");
  EXPECT_EQ(state(shop,
                  [] {
                    return Document{paths, R"({"components": {"schemas": {"Run": {}}}})"};
                  }),
            "off")
      << "a name that the server has";
  EXPECT_EQ(state(shop, [] { return Document{"{"}; }), "off");
  EXPECT_EQ(state(elsewhere, [] { return Document{R"({"paths": {"/api/v1/runs/price": {"get": {}}}})"}; }), "off");
  EXPECT_EQ(state_of(Modules({{"other", shop, [] { return Document{paths}; }}})), "off");
}

}  // namespace
}  // namespace backlot::server
