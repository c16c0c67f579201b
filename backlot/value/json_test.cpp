#include <gtest/gtest.h>

#include <cmath>

#include "backlot/base/test_errors.h"
#include "backlot/value/base64.h"
#include "backlot/value/codec.h"
#include "backlot/value/from_json.h"
#include "backlot/value/pickle_layout.h"
#include "backlot/value/to_json.h"

namespace backlot {
namespace {

template <class T>
std::string json(const T& value) {
  EncodedValue encoded = encode_value(value);
  return to_json(encoded.type, encoded.raw());
}

TEST(Json, shows_every_kind_of_value) {
  using Any = std::variant<std::monostate, bool, std::int64_t, double, std::string, Bytes>;
  std::vector<Any> all{Any(),        true,      std::int64_t{-5},     1.0,
                       std::nan(""), -HUGE_VAL, std::string("q\"\n"), Bytes::of("\xff")};
  EXPECT_EQ(json(all), R"([null,true,-5,1.0,"NaN","-Infinity","q\"\n","/w=="])");
  EXPECT_EQ(json(std::uint64_t{UINT64_MAX}), "18446744073709551615");
  EXPECT_EQ(json(std::map<int, int>{{-1, 2}}), R"({"-1":2})");
  EXPECT_EQ(json(std::string("text")), R"("text")");
  EXPECT_EQ(to_json(TypeTag::pack, "opaque"), R"({"$type":"pack","size":6})");
  EXPECT_EQ(to_json(TypeTag::pickle, pickle_glue({"a.B", "<B>", {2, 3}}, 1, {})[0] + "x"),
            R"({"$type":"pickle","size":15,"class":"a.B","repr":"<B>","shape":[2,3]})");
}

TEST(Json, tagged_nothing_is_taken_for_what_it_is_not) {
  auto tagged = [](const auto& value) {
    EncodedValue encoded = encode_value(value);
    return to_json(encoded.type, encoded.raw(), {.tagged = true});
  };
  EXPECT_EQ(tagged(std::int64_t{9007199254740993}), "9007199254740993");
  EXPECT_EQ(tagged(std::int64_t{INT64_MIN}), "-9223372036854775808");
  EXPECT_EQ(tagged(std::uint64_t{12345678901234567890U}), "12345678901234567890");
  EXPECT_EQ(tagged(-0.0), "-0.0");
  EXPECT_EQ(tagged(1.0), "1.0");
  EXPECT_EQ(tagged(std::nan("")), R"({"$float":"NaN"})");
  EXPECT_EQ(tagged(std::string("NaN")), R"("NaN")");
  EXPECT_EQ(tagged(std::vector<double>{-HUGE_VAL, 0.5}), R"([{"$float":"-Infinity"},0.5])");
  EXPECT_EQ(tagged(Bytes::of("\xff")), R"({"$bytes":"/w=="})");
  EXPECT_EQ(tagged(std::map<std::string, int>{{"$int", 3}}), R"({"$map":[["$int",3]]})");
  EXPECT_EQ(tagged(std::map<int, int>{{3, 4}}), R"({"$map":[[3,4]]})");
  EXPECT_EQ(to_json(TypeTag::integer, std::string_view("\xc2\x49\x01\0\0\0\0\0\0\0\0", 11), {.tagged = true}),
            R"({"$int":"18446744073709551616"})");
}

TEST(Json, integers_beyond_64_bits_are_text) {
  auto shown = [](std::string_view raw) { return to_json(TypeTag::integer, raw); };
  EXPECT_EQ(shown(std::string_view("\xc2\x49\x01\0\0\0\0\0\0\0\0", 11)), R"("18446744073709551616")");
  EXPECT_EQ(shown(std::string_view("\xc3\x49\x01\0\0\0\0\0\0\0\0", 11)), R"("-18446744073709551617")");
  EXPECT_EQ(shown("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"), R"("-18446744073709551616")");
  EXPECT_EQ(code_from([&] { shown("\xc2\x41\x05"); }), ErrorCode::corrupt) << "not the shortest form";
}

TEST(Json, damaged_values_are_refused) {
  auto code = [](TypeTag type, std::string_view raw) { return code_from([&] { to_json(type, raw); }); };
  EXPECT_EQ(code(TypeTag::text, "\x61\xff"), ErrorCode::corrupt);
  EXPECT_EQ(code(TypeTag::map,
                 "\xa2\x61"
                 "a\x01\x61"
                 "a\x02"),
            ErrorCode::corrupt);
  EXPECT_EQ(code(TypeTag::integer, "\xf5"), ErrorCode::corrupt) << "marked as another type";
  EXPECT_EQ(code(TypeTag::list, "\x80"), ErrorCode::corrupt);
}

TEST(Json, becomes_a_value_and_is_shown_the_same) {
  for (const char* text : {"null", "true", "-17", "18446744073709551615", "1.5", R"("x")", "[]", "{}",
                           R"({"b":[1,[2.0,{}]],"a":{"z":null,"":""}})", R"(["é",[],[[[]]]])"}) {
    RawValue value = from_json(text);
    EXPECT_EQ(to_json(value.type, value.raw), text);
  }
  EXPECT_EQ(from_json(" [1, \"a\"] ").raw, encode_value(std::tuple<int, std::string>(1, "a")).raw())
      << "as C++ would have saved it";
}

TEST(Json, what_has_no_exact_value_is_refused) {
  auto code = [](const std::string& text) { return code_from([&] { from_json(text); }); };
  for (const char* bad : {"", "{", "[1,]", "nul", "1 2", "'a'", "NaN", R"({"a":1,"a":2})", "18446744073709551616",
                          "-9223372036854775809", "1e999", "\"\xff\""}) {
    EXPECT_EQ(code(bad), ErrorCode::invalid) << bad;
  }
  auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(code(nested(cbor_depth_limit)), std::nullopt);
  EXPECT_EQ(code(nested(cbor_depth_limit + 2)), ErrorCode::invalid);
  EXPECT_EQ(code(nested(100'000)), ErrorCode::invalid);
}

TEST(Base64, comes_back_and_has_one_form) {
  std::string bytes;
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    bytes += static_cast<char>(i * 41);
  }
  EXPECT_EQ(to_base64("ab"), "YWI=");
  for (const char* bad : {"YWI", "YWI=\n", "YWJ=", "====", "Y===", "YW=I", "YWI*"})
    EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace backlot
