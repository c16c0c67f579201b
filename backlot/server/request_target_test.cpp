#include "backlot/server/request_target.h"

#include <gtest/gtest.h>

#include "backlot/base/error.h"

namespace backlot::server {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;
using Path = std::vector<std::string>;

TEST(RequestTarget, path_and_query_are_decoded) {
  RequestTarget t = parse_target("/runs/My%20Flow/compute%2F[3]/?q=a+b%2Bc&flag&empty=&q=second#fragment");
  EXPECT_EQ(t.path, (Path{"runs", "My Flow", "compute/[3]"}));
  EXPECT_EQ(t.query, (Query{{"q", "a b+c"}, {"flag", ""}, {"empty", ""}, {"q", "second"}}));
  EXPECT_TRUE(parse_target("/").path.empty());
  EXPECT_EQ(parse_target("/?a=b").query, (Query{{"a", "b"}}));
}

TEST(RequestTarget, what_leads_elsewhere_is_refused) {
  for (const char* bad : {"", "runs", "http://evil/", "*", "/..", "/a/../b", "/%2e%2e/b", "/a//b", "/.", "/%", "/%4",
                          "/%4g", "/%00", "/%ff", "/?%zz"}) {
    EXPECT_THROW(parse_target(bad), Error) << bad;
  }
  EXPECT_EQ(parse_target("/a/..%2f..%2fetc").path, (Path{"a", "../../etc"}));  // one segment, which names nothing
  std::string deep, wide = "/?";
  for (int i = 0; i < 100; ++i) deep += "/a", wide += "a&";
  EXPECT_THROW(parse_target(deep), Error);
  EXPECT_THROW(parse_target(wide), Error);
}

TEST(RequestTarget, encoding_and_decoding_are_inverse) {
  for (std::string text : {"plain-._~", "a/b c?d#e%", "ü€😀", "\x01\x7f"}) {
    EXPECT_EQ(parse_target("/" + percent_encoded(text)).path, Path{text});
    EXPECT_EQ(parse_target("/?k=" + percent_encoded(text)).query, (Query{{"k", text}}));
  }
}

}  // namespace
}  // namespace backlot::server
