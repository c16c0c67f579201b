#include "backlot/server/secret.h"

#include <gtest/gtest.h>

#include "backlot/base/secret.h"

namespace backlot::server {
namespace {

TEST(Secret, new_ones_are_strong) { EXPECT_GE(bits_of(backlot::Secret::random().revealed()), 128); }

TEST(Secret, bits_follow_from_length_and_kinds_of_characters) {
  EXPECT_GE(bits_of("0f3a9c5e7b1d2846af90c3e5d7b81264"), 128);  // 32 hex digits
  EXPECT_GE(bits_of("q8Vd2Lx7Tn4Rk9Wm5Yb3Hc"), 128);            // 22 letters and digits
  for (const char* weak : {"", "secret", "open sesame", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                           "0f3a9c5e7b1d2846af90c3e5d7b8126", "01010101010101010101010101010101"})
    EXPECT_LT(bits_of(weak), 128) << weak;
}

TEST(Secret, marks_tell_secrets_apart_and_nothing_else) {
  EXPECT_EQ(mark_of("a"), mark_of("a"));
  EXPECT_NE(mark_of("a"), mark_of("b"));
}

}  // namespace
}  // namespace backlot::server
