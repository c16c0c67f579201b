#include "backlot/server/router.h"

#include <gtest/gtest.h>

#include "backlot/client/client.h"

namespace backlot::server {
namespace {

Router router() {
  Handler nothing = [](const Request&, client::Client&) { return Response(); };
  return Router({{"GET", "/runs", Role::reader, nothing},
                 {"GET", "/runs/{flow}/{run}", Role::reader, nothing},
                 {"POST", "/runs/{flow}/{run}", Role::operator_, nothing}});
}

TEST(Router, the_parts_of_a_path_get_their_names) {
  Router r = router();
  Router::Found found = r.find("GET", {"runs", "Flow", "7"});
  ASSERT_TRUE(found.route);
  EXPECT_EQ(found.route->method, "GET");
  EXPECT_EQ(found.parts.at("flow"), "Flow");
  EXPECT_EQ(found.parts.at("run"), "7");
  EXPECT_EQ(r.find("HEAD", {"runs"}).route, r.find("GET", {"runs"}).route);
}

TEST(Router, what_is_not_there_is_told_from_what_is_not_done) {
  Router r = router();
  Router::Found missing = r.find("GET", {"nothing"});
  EXPECT_FALSE(missing.route);
  EXPECT_TRUE(missing.allowed.empty());
  Router::Found wrong = r.find("DELETE", {"runs", "Flow", "7"});
  EXPECT_FALSE(wrong.route);
  EXPECT_EQ(wrong.allowed, (std::vector<std::string>{"GET", "POST"}));
}

}  // namespace
}  // namespace backlot::server
