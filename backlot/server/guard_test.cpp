#include "backlot/server/guard.h"

#include <gtest/gtest.h>

namespace backlot::server {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Request request(std::string method, Headers headers, std::vector<std::string> path = {}) {
  Request r;
  r.method = std::move(method);
  r.headers = std::move(headers);
  r.path = std::move(path);
  return r;
}

TEST(Guard, hosts_are_compared_by_name) {
  Guard guard({{"localhost", "127.0.0.1", "::1"}, false});
  for (const char* ours : {"localhost", "LOCALHOST:8700", "[::1]", "[::1]:80", "127.0.0.1:80"})
    EXPECT_FALSE(guard.refusal(request("GET", {{"host", ours}}))) << ours;
  for (const char* other : {"", "evil", "localhost.evil", "evil:localhost", "127.0.0.2", "[::2]", "127.0.0.1:80@evil",
                            "[::1]evil.example", "[::1]:80evil", "localhost:80:80", "user@localhost", "localhost/evil",
                            "localhost:123456", "[localhost]", "[::1", "localhost ", "::1", "[::1]@"})
    EXPECT_TRUE(guard.refusal(request("GET", {{"host", other}}))) << other;
  EXPECT_TRUE(guard.refusal(request("GET", {})));
  EXPECT_TRUE(guard.refusal(request("GET", {{"host", "localhost"}, {"host", "localhost"}})));
  Guard open({{"localhost"}, true});
  EXPECT_FALSE(open.refusal(request("GET", {{"host", "10.1.2.3:80"}})));
  EXPECT_TRUE(open.refusal(request("GET", {{"host", "10.1.2.3.evil"}})));
  EXPECT_TRUE(open.refusal(request("GET", {{"host", "10.1.2.3:80@evil"}})));
}

TEST(Guard, changes_come_from_our_own_pages_or_from_no_browser) {
  Guard guard({{"localhost"}, false});
  auto refused = [&](Headers more, const char* scheme = "http") {
    more.emplace_back("host", "localhost:1");
    Request r = request("POST", std::move(more), {"api", "v1", "runs"});
    r.scheme = scheme;
    return guard.refusal(r).has_value();
  };
  EXPECT_FALSE(refused({{"x-backlot", "1"}}));
  EXPECT_FALSE(refused({{"x-backlot", "1"}, {"origin", "http://localhost:1"}, {"sec-fetch-site", "same-origin"}}));
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({{"x-backlot", "1"}, {"origin", "http://localhost:2"}}));
  EXPECT_TRUE(refused({{"x-backlot", "1"}, {"origin", "https://localhost:1"}}));
  EXPECT_FALSE(refused({{"x-backlot", "1"}, {"origin", "https://localhost:1"}}, "https"));
  EXPECT_TRUE(refused({{"x-backlot", "1"}, {"origin", "null"}}));
  EXPECT_TRUE(refused({{"x-backlot", "1"}, {"sec-fetch-site", "cross-site"}}));
  EXPECT_TRUE(refused({{"x-backlot", "1"}, {"sec-fetch-site", "same-site"}}));
}

TEST(Guard, pages_are_for_links_from_anywhere_and_the_api_for_our_own) {
  Guard guard({{"localhost"}, false});
  auto refused = [&](const char* site, std::vector<std::string> path) {
    Headers headers{{"host", "localhost"}, {"sec-fetch-site", site}};
    return guard.refusal(request("GET", headers, std::move(path))).has_value();
  };
  for (const char* elsewhere : {"cross-site", "same-site"}) {
    EXPECT_FALSE(refused(elsewhere, {}));
    EXPECT_FALSE(refused(elsewhere, {"runs", "F", "7"}));
    EXPECT_TRUE(refused(elsewhere, {"api", "v1", "runs"}));
    EXPECT_TRUE(refused(elsewhere, {"metrics"}));
  }
  for (const char* own : {"same-origin", "none", ""}) EXPECT_FALSE(refused(own, {"api", "v1", "runs"})) << own;
}

TEST(Guard, one_form_without_origin_may_open_a_session) {
  Guard guard({{"localhost"}, false});
  const std::vector<std::string> session{"api", "v1", "session"};
  const Headers form{{"host", "localhost"}, {"origin", "null"}, {"content-type", "application/x-www-form-urlencoded"}};
  EXPECT_FALSE(guard.refusal(request("POST", form, session)));
  EXPECT_TRUE(guard.refusal(request("DELETE", form, session)));
  EXPECT_TRUE(guard.refusal(request("POST", form, {"api", "v1", "runs", "F", "7", "resume"})));
  Headers json = form, elsewhere = form;
  json[2].second = "application/json";
  elsewhere[1].second = "http://evil.example";
  EXPECT_TRUE(guard.refusal(request("POST", json, session)));
  EXPECT_TRUE(guard.refusal(request("POST", elsewhere, session)));
}

}  // namespace
}  // namespace backlot::server
