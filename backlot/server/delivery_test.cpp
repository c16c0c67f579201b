#include "backlot/server/delivery.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "backlot/server/gzip.h"
#include "backlot/server/time_query.h"

namespace backlot::server {
namespace {

/// Gives a text in pieces of three bytes.
std::function<void(const Emit&)> production(const std::string& text) {
  return [text](const Emit& emit) {
    for (std::size_t at = 0; at < text.size(); at += 3) emit(std::string_view(text).substr(at, 3));
  };
}

std::string produced(const Response& response) {
  std::string all;
  if (response.produce) response.produce([&](std::string_view piece) { all += piece; });
  return all;
}

std::string header(const Response& r, std::string_view name) {
  auto at = std::find_if(r.headers.begin(), r.headers.end(), [&](const auto& h) { return h.first == name; });
  return at == r.headers.end() ? "" : at->second;
}

Response delivered_content(const std::string& text, std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  request.method = "GET";
  request.headers = std::move(headers);
  Response response;
  response.produce = production(text);
  return delivered(std::move(response), request);
}

std::string part(const std::string& text, const std::string& range) {
  Response r = delivered_content(text, {{"range", range}});
  std::string status = std::to_string(r.status) + " ";
  EXPECT_TRUE(r.status != 206 || r.size == produced(r).size());
  return status + produced(r);
}

TEST(Delivery, ranges) {
  EXPECT_EQ(part("0123456789", "bytes=2-4"), "206 234");
  EXPECT_EQ(part("0123456789", "bytes=7-"), "206 789");
  EXPECT_EQ(part("0123456789", "bytes=-2"), "206 89");
  EXPECT_EQ(part("0123456789", "bytes=-99"), "206 0123456789");
  EXPECT_EQ(part("0123456789", "bytes=8-99"), "206 89");
  EXPECT_EQ(part("0123456789", "bytes=8-18446744073709551615"), "206 89");
  EXPECT_EQ(part("0123456789", "bytes=10-"), "416 ");
  EXPECT_EQ(part("0123456789", "bytes=-0"), "416 ");
  EXPECT_EQ(part("", "bytes=0-"), "416 ");
  EXPECT_EQ(part("", "bytes=-1"), "416 ");
  for (const char* nonsense :
       {"bytes=", "bytes=-", "bytes=4-2", "bytes=a-b", "bytes=1-2,4-5", "lines=1-2", "bytes=99999999999999999999-"})
    EXPECT_EQ(part("0123456789", nonsense), "200 0123456789") << nonsense;
}

TEST(Delivery, what_has_not_changed_is_not_sent_again) {
  Request request;
  request.method = "GET";
  Response first = delivered(Response::json("{}"), request);
  std::string tag = header(first, "ETag");
  ASSERT_TRUE(tag.starts_with("W/\""));
  request.headers = {{"if-none-match", "\"other\", " + tag}};
  Response again = delivered(Response::json("{}"), request);
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(delivered(Response::json("[]"), request).status, 200);
  EXPECT_EQ(delivered_content("text", {{"if-none-match", "\"x\""}}).status, 200);  // content without a tag
}

TEST(Delivery, only_large_texts_are_compressed) {
  Request request;
  request.method = "GET";
  request.headers = {{"accept-encoding", "br, gzip;q=0.5"}};
  EXPECT_EQ(header(delivered(Response::json("{}"), request), "Content-Encoding"), "");
  Response large = delivered(Response::json(std::string(5000, 'a')), request);
  EXPECT_EQ(header(large, "Content-Encoding"), "gzip");
  EXPECT_LT(large.body.size(), 200u);
  EXPECT_FALSE(accepts_gzip("gzip;q=0, identity"));
  EXPECT_FALSE(accepts_gzip("gzip; q=0.000"));
  EXPECT_FALSE(accepts_gzip("br"));
  EXPECT_TRUE(accepts_gzip("*"));
}

TEST(TimeText, rfc_3339) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:01Z"), 1'000'000);
  EXPECT_EQ(parse_rfc3339("1970-01-01T01:00:00.25+01:00"), 250'000);
  EXPECT_EQ(parse_rfc3339("2026-11-24T01:42:07.123456Z"), 1'795'484'527'123'456);
  for (Micros t : {Micros(0), Micros(1'763'829'152'123'456)}) EXPECT_EQ(parse_rfc3339(rfc3339(t)), t);
  for (const char* bad :
       {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "-026-01-01T00:00:00Z"})
    EXPECT_FALSE(parse_rfc3339(bad)) << bad;
}

}  // namespace
}  // namespace backlot::server
