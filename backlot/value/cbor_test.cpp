#include "backlot/value/cbor.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "backlot/base/test_errors.h"
#include "backlot/value/test_golden.h"
#include "backlot/value/utf8.h"

namespace backlot {
namespace {

using Write = std::function<void(CborWriter&)>;

std::string written(const Write& write) {
  std::string out;
  CborWriter writer(out);
  write(writer);
  return out;
}

bool refused(std::string_view bytes) {
  return code_from([&] {
           CborReader in(bytes);
           in.skip();
           in.end();
         }) == ErrorCode::corrupt;
}

TEST(Cbor, writes_the_examples_of_the_standard) {
  EXPECT_EQ(hex(written([](auto& w) { w.integer(23); })), "17");
  EXPECT_EQ(hex(written([](auto& w) { w.integer(24); })), "1818");
  EXPECT_EQ(hex(written([](auto& w) { w.integer(1000000); })), "1a000f4240");
  EXPECT_EQ(hex(written([](auto& w) { w.natural(UINT64_MAX); })), "1bffffffffffffffff");
  EXPECT_EQ(hex(written([](auto& w) { w.integer(-1000); })), "3903e7");
  EXPECT_EQ(hex(written([](auto& w) { w.real(1.1); })), "fb3ff199999999999a");
  EXPECT_EQ(hex(written([](auto& w) { w.text("\xe6\xb0\xb4"); })), "63e6b0b4");
  EXPECT_EQ(hex(written([](auto& w) { w.bytes("\x01\x02\x03\x04"); })), "4401020304");
  EXPECT_EQ(hex(written([](auto& w) {
              w.map(1);
              w.text("a");
              w.list(2);
              w.boolean(false);
              w.null();
            })),
            "a1616182f4f6");
}

TEST(Cbor, integers_keep_their_value_at_every_boundary) {
  std::vector<std::int64_t> values{0, INT64_MAX, INT64_MIN};
  for (int shift : {4, 5, 8, 16, 32, 62}) {
    for (int d = -2; d <= 2; ++d) values.push_back((std::int64_t{1} << shift) + d);
  }
  for (int d = -2; d <= 2; ++d) values.push_back(24 + d);
  for (std::int64_t value : values) {
    for (std::int64_t v : {value, ~value}) {
      std::string bytes = written([&](auto& w) { w.integer(v); });
      CborReader in(bytes);
      EXPECT_EQ(in.integer(), v);
      in.end();
    }
  }
}

TEST(Cbor, floats_keep_every_bit_but_there_is_one_nan) {
  for (double value : {0.0, -0.0, 1.5, -1e308, 5e-324, HUGE_VAL, std::nan("")}) {
    std::string bytes = written([&](auto& w) { w.real(value); });
    ASSERT_EQ(bytes.size(), 9u);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(CborReader(bytes).real()), std::bit_cast<std::uint64_t>(value));
  }
  EXPECT_EQ(written([](auto& w) { w.real(-std::nan("7")); }), written([](auto& w) { w.real(std::nan("")); }));
}

TEST(Cbor, refuses_every_other_encoding) {
  using namespace std::string_literals;
  EXPECT_TRUE(refused("\x18\x17"s));                              // 23 in two bytes
  EXPECT_TRUE(refused("\x19\x00\xff"s));                          // 255 in three
  EXPECT_TRUE(refused("\x1a\x00\x00\xff\xff"s));                  // 65535 in five
  EXPECT_TRUE(refused("\x1b\x00\x00\x00\x00\xff\xff\xff\xff"s));  // 2^32-1 in nine
  EXPECT_TRUE(
      refused("\x78\x01"
              "a"s));                     // a length in two bytes
  EXPECT_TRUE(refused("\x9f\x01\xff"s));  // indefinite list
  EXPECT_TRUE(
      refused("\x7f\x61"
              "a\xff"s));                                         // indefinite text
  EXPECT_TRUE(refused("\xf9\x3c\x00"s));                          // 16-bit float
  EXPECT_TRUE(refused("\xfa\x3f\x80\x00\x00"s));                  // 32-bit float
  EXPECT_TRUE(refused("\xfb\xff\xf8\x00\x00\x00\x00\x00\x00"s));  // another NaN
  EXPECT_TRUE(refused("\xf7"s));                                  // undefined
  EXPECT_TRUE(refused("\xf8\x20"s));                              // a simple value
  EXPECT_TRUE(refused("\x1c"s));                                  // reserved
  EXPECT_TRUE(refused("\x62\xc3\x28"s));                          // not UTF-8
  EXPECT_TRUE(refused("\xc1\xc1\x01"s));                          // a tag of a tag
  EXPECT_TRUE(refused("\x01\x01"s));                              // two items
  EXPECT_TRUE(refused(""s));
  EXPECT_FALSE(refused("\xc1\x01"s));
}

TEST(Cbor, refuses_lengths_beyond_the_end_without_allocating) {
  using namespace std::string_literals;
  EXPECT_TRUE(refused("\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"s));
  EXPECT_TRUE(refused("\xbb\x80\x00\x00\x00\x00\x00\x00\x01\x01\x01"s));
  EXPECT_TRUE(refused("\x5b\xff\xff\xff\xff\xff\xff\xff\xff"s));
  EXPECT_TRUE(refused("\xa1\x01"s));
}

TEST(Cbor, nesting_is_bounded) {
  auto nested = [](std::size_t depth) { return std::string(depth, '\x81') + '\x01'; };
  EXPECT_FALSE(refused(nested(cbor_depth_limit)));
  EXPECT_TRUE(refused(nested(cbor_depth_limit + 1)));
  EXPECT_TRUE(refused(nested(100000)));
  EXPECT_TRUE(refused(std::string(cbor_depth_limit + 1, '\x81') + '\x80'));
  EXPECT_TRUE(refused(std::string(cbor_depth_limit, '\x81') + '\x80')) << "an empty list is a level too";
  EXPECT_FALSE(refused(std::string(cbor_depth_limit - 1, '\x81') + '\x80'));
}

TEST(Cbor, errors_tell_the_byte) {
  std::string bytes = written([](auto& w) {
    w.list(2);
    w.text("abc");
    w.integer(1);
  });
  CborReader in(bytes);
  in.list_of(2);
  EXPECT_EQ(in.text(), "abc");
  EXPECT_EQ(text_from([&] { in.text(); }), "expected text, found int at byte 5 of 6");
}

TEST(Cbor, finish_wants_lists_read_to_their_end) {
  std::string bytes = written([](auto& w) {
    w.list(2);
    w.map(0);
    w.list(1);
    w.null();
  });
  CborReader in(bytes);
  in.list();
  EXPECT_EQ(in.map(), 0u);
  EXPECT_EQ(code_from([&] { in.end(); }), ErrorCode::corrupt);
  in.list();
  in.null();
  in.end();
}

/// A random item. Returns nothing: what it wrote is what must come back.
void random_item(std::mt19937& random, CborWriter& out, int depth) {
  auto number = [&](std::uint64_t below) { return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(random); };
  switch (number(depth > 0 ? 9 : 6)) {
    case 0: return out.null();
    case 1: return out.boolean(number(2));
    case 2: return out.integer(static_cast<std::int64_t>(std::mt19937_64(random())() >> number(64)));
    case 3: return out.real(std::bit_cast<double>(std::mt19937_64(random())()));
    case 4: return out.text(std::string(number(300), 'x'));
    case 5: return out.bytes(std::string(number(30), '\xff'));
    case 6: {
      std::uint64_t count = number(5);
      out.list(count);
      while (count--) random_item(random, out, depth - 1);
      return;
    }
    case 7: {
      std::uint64_t count = number(5);
      out.map(count);
      for (std::uint64_t i = 0; i < 2 * count; ++i) random_item(random, out, depth - 1);
      return;
    }
    case 8: out.tag(number(1000)); return out.null();
  }
}

TEST(Cbor, skip_reads_exactly_one_item_and_every_cut_is_found) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::string bytes = written([&](auto& w) { random_item(random, w, 5); });
    CborReader in(bytes);
    EXPECT_EQ(in.skip(), bytes);
    in.end();
    std::string two = bytes + '\x05';
    CborReader second(two);
    second.skip();
    EXPECT_EQ(second.natural(), 5u);
    for (std::size_t cut = 0; cut < std::min<std::size_t>(bytes.size(), 64); ++cut) {
      EXPECT_TRUE(refused(std::string_view(bytes).substr(0, cut)));
    }
  }
}

TEST(Utf8, knows_good_from_bad) {
  for (std::string_view good :
       {"", "plain ascii, longer than eight", "\xc2\x80", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf", "aaaaaaa\xe2\x82\xac"}) {
    EXPECT_TRUE(is_utf8(good));
  }
  for (std::string_view bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                               "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "aaaaaaaa\xe2\x82", "\xe2\x28\xa1"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Utf8, repairs_only_what_is_bad) {
  EXPECT_EQ(repaired_utf8("a\xe2\x82\xac"), "a\xe2\x82\xac");
  EXPECT_EQ(repaired_utf8("a\xff\xe2\x82\xac\xe2\x82"), "a\xef\xbf\xbd\xe2\x82\xac\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Utf8, prefix_ends_between_characters) {
  EXPECT_EQ(utf8_prefix("a\xe2\x82\xac"
                        "b",
                        5),
            "a\xe2\x82\xac"
            "b");
  EXPECT_EQ(utf8_prefix("a\xe2\x82\xac"
                        "b",
                        4),
            "a\xe2\x82\xac");
  EXPECT_EQ(utf8_prefix("a\xe2\x82\xac"
                        "b",
                        3),
            "a");
  EXPECT_EQ(utf8_prefix("\xe2\x82\xac", 2), "");
}

}  // namespace
}  // namespace backlot
