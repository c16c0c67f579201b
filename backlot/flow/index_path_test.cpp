#include "backlot/flow/index_path.h"

#include <gtest/gtest.h>

#include <random>

namespace backlot {
namespace {

using Kind = IndexPath::Kind;

TEST(IndexPath, is_written_as_the_words_say) {
  IndexPath top;
  EXPECT_EQ(top.text(), "[]");
  EXPECT_EQ(top.with(Kind::item, 3).with(Kind::item, 17).text(), "[3.17]");
  EXPECT_EQ(top.with(Kind::pass, 1).text(), "[@1]");
  EXPECT_EQ(top.with(Kind::item, 3).with(Kind::pass, 1).with(Kind::item, 5).text(), "[3@1.5]");
}

TEST(IndexPath, what_is_no_path_is_refused) {
  for (auto text :
       {"", "[", "3", "[3", "[.3]", "[3.]", "[03]", "[3..4]", "[@]", "[-1]", "[3 ]", "[99999999999999999999]"}) {
    EXPECT_EQ(IndexPath::parse(text), std::nullopt) << text;
  }
}

IndexPath random_path(std::mt19937_64& random) {
  IndexPath path;
  for (std::uint64_t n = random() % 4; n > 0; --n) {
    std::uint64_t value = random() >> (random() % 64);
    path.parts.push_back({random() % 2 ? Kind::item : Kind::pass, value});
  }
  return path;
}

TEST(IndexPath, texts_and_keys_come_back) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    IndexPath path = random_path(random);
    EXPECT_EQ(IndexPath::parse(path.text()), path) << path.text();
    EXPECT_EQ(IndexPath::from_key(path.key()), path) << path.text();
  }
}

TEST(IndexPath, keys_sort_as_paths_do) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 10'000; ++i) {
    IndexPath a = random_path(random), b = random_path(random);
    EXPECT_EQ(a < b, a.key() < b.key()) << a.text() << " " << b.text();
  }
}

TEST(IndexPath, a_key_that_is_not_shortest_is_refused) {
  EXPECT_EQ(IndexPath::from_key(std::string("\x11\x00", 2)), std::nullopt);
  EXPECT_EQ(IndexPath::from_key("\x12\x01"), std::nullopt);
  EXPECT_EQ(IndexPath::from_key("\x31\x01"), std::nullopt);
}

}  // namespace
}  // namespace backlot
