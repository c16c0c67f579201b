#include "backlot/value/reference.h"

#include <gtest/gtest.h>

namespace backlot {
namespace {

TEST(Identity, depends_on_type_length_and_bytes) {
  EXPECT_NE(identity_of(TypeTag::text, "a"), identity_of(TypeTag::bytes, "a"));
  EXPECT_NE(identity_of(TypeTag::text, "a"), identity_of(TypeTag::text, "b"));
  EXPECT_NE(identity_of(TypeTag::text, ""), identity_of(TypeTag::text, std::string(1, '\0')));
}

TEST(Identity, hashes_by_chunk) {
  std::string big(identity_chunk + 1, 'x');
  Sha256 by_hand;
  by_hand.add(std::string("\x04", 1) + std::string("\x01\x00\x10\x00\x00\x00\x00\x00", 8));
  by_hand.add(sha256(std::string(identity_chunk, 'x')).view());
  by_hand.add(sha256("x").view());
  EXPECT_EQ(identity_of(TypeTag::text, big), by_hand.finish());
}

TEST(Reference, same_value_wherever_it_lies) {
  Reference a = Reference::inlined(TypeTag::text, "hello"), b;
  b.type = TypeTag::text;
  b.size = 5;
  b.place = Reference::Place::blob;
  b.id = a.identity();
  EXPECT_TRUE(a.same_value(b));
  EXPECT_FALSE(a.same_value(Reference::inlined(TypeTag::text, "hellO")));
}

}  // namespace
}  // namespace backlot
