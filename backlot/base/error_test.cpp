#include "backlot/base/error.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "backlot/base/digest.h"

namespace backlot {
namespace {

TEST(Error, names_context_message_and_hint) {
  Error inner(ErrorCode::no_space, "disk full", "free some space");
  Error outer = inner.in("step compute").in("run 7");
  EXPECT_STREQ(outer.what(), "run 7: step compute: disk full (free some space)");
  EXPECT_EQ(outer.code(), ErrorCode::no_space);
}

TEST(Error, maps_errno_to_what_a_person_can_do) {
  EXPECT_EQ(system_error("open x", ENOSPC).code(), ErrorCode::no_space);
  EXPECT_EQ(system_error("open x", ENOENT).code(), ErrorCode::not_found);
  EXPECT_EQ(system_error("open x", EROFS).code(), ErrorCode::permission);
  EXPECT_EQ(system_error("open x", EIO).code(), ErrorCode::io);
}

TEST(Digest, is_the_sha256_of_fips_180_4) {
  EXPECT_EQ(sha256("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 pieces;
  pieces.add("a");
  pieces.add("bc");
  EXPECT_EQ(pieces.finish(), sha256("abc"));
}

TEST(Digest, reads_its_own_text_and_nothing_else) {
  Digest d = sha256("x");
  EXPECT_EQ(Digest::from_hex(d.hex()), d);
  EXPECT_EQ(Digest::from_hex(d.hex().substr(1)), std::nullopt);
  EXPECT_EQ(Digest::from_hex("G" + d.hex().substr(1)), std::nullopt);
}

}  // namespace
}  // namespace backlot
