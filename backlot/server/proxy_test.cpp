#include "backlot/server/proxy.h"

#include <gtest/gtest.h>

namespace backlot::server {
namespace {

TEST(Proxy, ranges_hold_what_they_say) {
  EXPECT_TRUE(AddressRange::parse("10.0.0.0/8").contains("10.255.1.2"));
  EXPECT_FALSE(AddressRange::parse("10.0.0.0/8").contains("11.0.0.1"));
  EXPECT_TRUE(AddressRange::parse("192.168.4.0/22").contains("192.168.7.255"));
  EXPECT_FALSE(AddressRange::parse("192.168.4.0/22").contains("192.168.8.0"));
  EXPECT_TRUE(AddressRange::parse("127.0.0.1").contains("127.0.0.1"));
  EXPECT_TRUE(AddressRange::parse("127.0.0.1").contains("::ffff:127.0.0.1"));
  EXPECT_FALSE(AddressRange::parse("127.0.0.1").contains("127.0.0.2"));
  EXPECT_TRUE(AddressRange::parse("fd00::/8").contains("fd12::1"));
  EXPECT_FALSE(AddressRange::parse("fd00::/8").contains("10.0.0.1"));
  EXPECT_TRUE(AddressRange::parse("0.0.0.0/0").contains("1.2.3.4"));
  EXPECT_FALSE(AddressRange::parse("0.0.0.0/0").contains("::1"));
  EXPECT_FALSE(AddressRange::parse("10.0.0.0/8").contains("nonsense"));
  for (const char* bad : {"", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.0/", "10.0.0.0/8x", "proxy"})
    EXPECT_THROW(AddressRange::parse(bad), Error) << bad;
}

TEST(Proxy, only_a_trusted_one_is_believed) {
  TrustedProxies proxies({"10.0.0.0/8"});
  auto seen = [&](std::string from, std::string list) {
    Request request;
    request.peer.address = std::move(from);
    request.headers = {{"x-forwarded-for", std::move(list)}, {"x-forwarded-proto", "https"}};
    proxies.apply(request);
    return request.peer.address + " " + request.scheme;
  };
  EXPECT_EQ(seen("10.0.0.1", "203.0.113.7"), "203.0.113.7 https");
  EXPECT_EQ(seen("203.0.113.7", "198.51.100.1"), "203.0.113.7 http");
  // What the client itself put in front of the list is not believed.
  EXPECT_EQ(seen("10.0.0.1", "198.51.100.1, 203.0.113.7"), "203.0.113.7 https");
  EXPECT_EQ(seen("10.0.0.1", "198.51.100.1, 203.0.113.7,10.0.0.2"), "203.0.113.7 https");
  EXPECT_EQ(seen("10.0.0.1", "nonsense"), "10.0.0.1 https");
  EXPECT_EQ(seen("", "203.0.113.7"), " http");
}

TEST(Proxy, base_paths) {
  EXPECT_EQ(base_path("backlot/"), "/backlot");
  EXPECT_EQ(base_path("/a/b c"), "/a/b%20c");
  EXPECT_EQ(base_path("/"), "");
  EXPECT_EQ(base_path(""), "");
  EXPECT_THROW(base_path("/../x"), Error);
}

}  // namespace
}  // namespace backlot::server
