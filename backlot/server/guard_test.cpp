#include "backlot/server/guard.h"

#include <gtest/gtest.h>

namespace backlot::server {
namespace {

Request request(std::string method, std::vector<std::pair<std::string, std::string>> headers) {
  Request r;
  r.method = std::move(method);
  r.headers = std::move(headers);
  return r;
}

TEST(Guard, hosts_are_compared_by_name) {
  Guard guard({{"localhost", "::1"}, false, "", ""});
  for (const char* ours : {"localhost", "LOCALHOST:8700", "[::1]", "[::1]:80"})
    EXPECT_FALSE(guard.refusal(request("GET", {{"host", ours}}))) << ours;
  for (const char* other : {"", "evil", "localhost.evil", "evil:localhost", "127.0.0.1", "[::2]"})
    EXPECT_TRUE(guard.refusal(request("GET", {{"host", other}}))) << other;
  EXPECT_TRUE(guard.refusal(request("GET", {})));
  EXPECT_TRUE(guard.refusal(request("GET", {{"host", "localhost"}, {"host", "localhost"}})));
  Guard open({{"localhost"}, true, "token", ""});
  EXPECT_FALSE(open.refusal(request("GET", {{"host", "10.1.2.3:80"}})));
  EXPECT_TRUE(open.refusal(request("GET", {{"host", "10.1.2.3.evil"}})));
}

TEST(Guard, changes_come_from_our_own_pages_or_from_no_browser) {
  Guard guard({{"localhost"}, false, "", ""});
  auto refused = [&](std::vector<std::pair<std::string, std::string>> more) {
    more.emplace_back("host", "localhost:1");
    return guard.refusal(request("POST", std::move(more))).has_value();
  };
  EXPECT_FALSE(refused({{"x-backlot", "1"}}));
  EXPECT_FALSE(refused({{"x-backlot", "1"}, {"origin", "http://localhost:1"}, {"sec-fetch-site", "same-origin"}}));
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({{"x-backlot", "1"}, {"origin", "http://localhost:2"}}));
  EXPECT_TRUE(refused({{"x-backlot", "1"}, {"origin", "null"}}));
  EXPECT_TRUE(refused({{"x-backlot", "1"}, {"sec-fetch-site", "cross-site"}}));
}

TEST(Guard, tokens_make_roles) {
  Guard guard({{"localhost"}, false, "all", "some"});
  auto role = [&](const char* name, const char* value) { return guard.role_of(request("GET", {{name, value}})); };
  EXPECT_EQ(role("authorization", "Bearer all"), Role::operator_);
  EXPECT_EQ(role("authorization", "bearer some"), Role::reader);
  EXPECT_EQ(role("authorization", "Bearer al"), Role::none);
  EXPECT_EQ(role("authorization", "Bearer "), Role::none);
  EXPECT_EQ(role("authorization", "Basic all"), Role::none);
  EXPECT_EQ(role("cookie", "a=b; backlot_session=all; c=d"), Role::operator_);
  EXPECT_EQ(role("cookie", "xbacklot_session=all"), Role::none);
  EXPECT_EQ(role("cookie", "backlot_session"), Role::none);
  EXPECT_EQ(Guard({{"localhost"}, false, "", ""}).role_of(request("GET", {})), Role::operator_);
  EXPECT_EQ(Guard({{"localhost"}, false, "all", ""}).role_of(request("GET", {})), Role::none);
}

}  // namespace
}  // namespace backlot::server
