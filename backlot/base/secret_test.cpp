#include "backlot/base/secret.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <type_traits>

namespace backlot {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <class T>
concept Joinable = requires(const T& value, std::string text) {
  text + value;
};

TEST(Secret, turns_into_no_text) {
  static_assert(!Printable<Secret> && !Joinable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);
  EXPECT_EQ(Secret("abc").revealed(), "abc");
}

TEST(Secret, is_compared_by_its_text) {
  const Secret secret("abc");
  EXPECT_TRUE(secret == "abc");
  EXPECT_FALSE(secret == "abd");
  EXPECT_FALSE(secret == "ab");
  EXPECT_TRUE(Secret() == "");
  EXPECT_TRUE(secret == Secret(secret));
}

TEST(Secret, leaves_nothing_where_it_was) {
  std::string text = "a long text that is not kept inside of the string itself";
  const char* place = text.data();
  const std::size_t size = text.size();
  EXPECT_EQ(Secret::taken_from(text).revealed().size(), size);
  EXPECT_EQ(std::string(place, size), std::string(size, '\0'));  // the string still owns its memory
  setenv("BACKLOT_TEST_SECRET", "hidden", 1);
  const char* value = std::getenv("BACKLOT_TEST_SECRET");
  EXPECT_EQ(Secret::taken_from_environment("BACKLOT_TEST_SECRET").revealed(), "hidden");
  EXPECT_EQ(std::string(value, 6), std::string(6, '\0'));
  EXPECT_EQ(std::getenv("BACKLOT_TEST_SECRET"), nullptr);
  EXPECT_TRUE(Secret::taken_from_environment("BACKLOT_TEST_SECRET").empty());
}

TEST(Secret, is_random) {
  const Secret a = Secret::random(), b = Secret::random();
  EXPECT_EQ(a.revealed().size(), 64u);
  EXPECT_FALSE(a == b);
}

}  // namespace
}  // namespace backlot
