#include "backlot/verbs/bytes_text.h"

#include <gtest/gtest.h>

namespace backlot::verbs {
namespace {

TEST(BytesText, is_short_and_reads_well) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1024), "1.0 KiB");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(bytes_text((1 << 20) - 1), "1.0 MiB");
  EXPECT_EQ(bytes_text(20ull << 30), "20 GiB");
  EXPECT_EQ(bytes_text(UINT64_MAX), "16 EiB");
}

TEST(BytesText, reads_what_people_write) {
  EXPECT_EQ(parse_bytes("1500"), 1500u);
  EXPECT_EQ(parse_bytes("1.5 KiB"), 1536u);
  EXPECT_EQ(parse_bytes("20G"), 20ull << 30);
  EXPECT_EQ(parse_bytes("2MB"), 2ull << 20);
  EXPECT_EQ(parse_bytes("7 B"), 7u);
  for (const char* bad : {"", "G", "-1", "1X", "1GG", "1 G x", "nan", "1e30E", "99999999E"}) {
    EXPECT_EQ(parse_bytes(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace backlot::verbs
