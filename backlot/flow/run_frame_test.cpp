#include "backlot/flow/run_frame.h"

#include <gtest/gtest.h>

namespace backlot {
namespace {

TEST(Range, comes_back_as_it_was_left) {
  std::vector<RangeItem> items{{"manifest", "drama"}, {"", ""}, {std::string(1000, '\xff'), "\xc3\xa9"}};
  EXPECT_EQ(decode_range(encode_range(items)), items);
  EXPECT_TRUE(decode_range(encode_range({})).empty());
}

// A step may write over its process's memory: the scheduler reads what is left of it.
TEST(Range, of_nonsense_is_refused_without_being_believed) {
  std::string bytes = encode_range({{"manifest", "drama"}, {"another", "comedy"}});
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_THROW(decode_range(bytes.substr(0, size)), Error);
  EXPECT_THROW(decode_range(std::string_view("\x9b\x7f\xff\xff\xff\xff\xff\xff\xfe", 9)), Error);
  EXPECT_THROW(decode_range(bytes + "x"), Error);
}

}  // namespace
}  // namespace backlot
