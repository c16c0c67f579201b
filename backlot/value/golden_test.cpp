// What released versions wrote is read for ever, and the same value is written as the same bytes (docs/formats/). The
// golden file of a value is its type tag, then its raw bytes.
#include <gtest/gtest.h>

#include <cmath>

#include "backlot/value/codec.h"
#include "backlot/value/folder_value.h"
#include "backlot/value/manifest.h"
#include "backlot/value/tensor.h"
#include "backlot/value/test_blobs.h"
#include "backlot/value/test_golden.h"
#include "backlot/value/to_json.h"

namespace backlot {

struct GoldenMovie {
  std::string title;
  double gross = 0;
  std::optional<int> stars;
  std::vector<GoldenMovie> sequels;
  BACKLOT_FIELDS(title, gross, stars, sequels)
  bool operator==(const GoldenMovie&) const = default;
};

namespace {

template <class T>
void check(const std::string& name, const T& value, const std::string& json) {
  SCOPED_TRACE(name);
  MemoryBlobs blobs;
  ValueLoader loader(blobs);
  ValueSaver saver(blobs);
  Reference today = codec::save_value(value, saver);
  std::string bytes = golden(BACKLOT_GOLDEN "/values/" + name, static_cast<char>(today.type) + today.inline_bytes);
  ASSERT_FALSE(bytes.empty());
  Reference old = Reference::inlined(static_cast<TypeTag>(bytes[0]), bytes.substr(1));
  EXPECT_TRUE(old.same_value(today)) << hex(today.inline_bytes);
  EXPECT_TRUE(codec::save_value(codec::load_value<T>(old, loader), saver).same_value(old));
  EXPECT_EQ(to_json(old, loader), json);
}

TEST(Golden, scalars) {
  check("null", std::monostate(), "null");
  check("bool", true, "true");
  check("int", std::int64_t{-1000}, "-1000");
  check("int_largest", std::uint64_t{UINT64_MAX}, "18446744073709551615");
  check("float", 1.1, "1.1");
  check("float_nan", std::nan(""), R"("NaN")");
  check("float_minus_zero", -0.0, "-0.0");
  check("text", std::string("h\xc3\xa9llo"), "\"h\xc3\xa9llo\"");
  check("bytes", Bytes::of("\xff"), R"("/w==")");
}

TEST(Golden, lists) {
  check("list_empty", std::vector<int>{}, "[]");
  check("list_equally_long", std::vector<int>{1, 2, 3}, "[1,2,3]");
  check("list", std::vector<std::string>{"a", "", "bcd"}, R"(["a","","bcd"])");
  check("list_wide", std::vector<std::string>{std::string(260, 'x'), ""}, "[\"" + std::string(260, 'x') + "\",\"\"]");
  check("list_nested", std::vector<std::vector<int>>{{}, {1}}, "[[],[1]]");
  check("list_pair", std::pair<int, std::string>(1, "a"), R"([1,"a"])");
  using Any = std::variant<std::monostate, bool, std::string>;
  check("list_variants", std::vector<Any>{Any(), true, "a"}, R"([null,true,"a"])");
}

TEST(Golden, maps_and_structs) {
  check("map", std::map<std::string, int>{{"b", 2}, {"a", 1}}, R"({"a":1,"b":2})");
  check("map_int_keys", std::map<int, bool>{{-1, true}, {5, false}}, R"({"-1":true,"5":false})");
  check("variant_numbered", std::variant<int, long>(5L), R"({"1":5})");
  GoldenMovie inner{"two", 2.5, {}, {}}, movie{"one", 1, 5, {inner}};
  const std::string two = R"({"title":"two","gross":2.5,"stars":null,"sequels":[]})";
  const std::string one = R"({"title":"one","gross":1.0,"stars":5,"sequels":[)" + two + "]}";
  check("struct", movie, one);
  check("list_structs", std::vector<GoldenMovie>{movie, inner}, "[" + one + "," + two + "]");
}

TEST(Golden, tensors_files_and_folders) {
  check("tensor", Tensor<float>({1, 2, 3, 4, 5, 6}, {3, 2}),
        R"({"$type":"tensor","dtype":"float32","shape":[3,2],"data":[1.0,2.0,3.0,4.0,5.0,6.0]})");
  check("tensor_int64", Tensor<std::int64_t>({-1}), R"({"$type":"tensor","dtype":"int64","shape":[1],"data":[-1]})");
  check("file", FileValue("a.txt", "text"), R"({"$type":"file","size":13})");
  FolderValue folder;
  folder.add("sub/a.txt", FileValue("a.txt", "text"));
  check("folder", folder, R"({"$type":"folder","size":23})");
}

TEST(Golden, identities) {
  EXPECT_EQ(identity_of(TypeTag::text, "\x65hello").hex(),
            "7d1959b60b03ac5226dbd8b080cfd771484e7a2487ab907c9cee57a559f1bd57");
  EXPECT_EQ(identity_of(TypeTag::bytes, std::string((1 << 20) + 1, 'x')).hex(),
            "a03c7f6088a859030bcef88d6a5c2e5e549bcdd0364c33499aa13ea322ddd5c3");
}

void check_manifest(const std::string& name, const Manifest& manifest) {
  SCOPED_TRACE(name);
  std::string bytes = golden(BACKLOT_GOLDEN "/manifest/" + name, encode(manifest));
  ASSERT_FALSE(bytes.empty());
  EXPECT_EQ(decode_manifest(bytes), manifest);
  EXPECT_EQ(hex(encode(manifest)), hex(bytes));
}

TEST(Golden, manifests) {
  check_manifest("v2_empty", {});
  Manifest m;
  m.version = 1;
  check_manifest("v1_empty", m);
  m.artifacts = {{"x", Reference::inlined(TypeTag::integer, "\x07")}};
  m.own = 1;
  check_manifest("v1_one_int", m);
  m.version = 2;
  check_manifest("v2_one_int", m);

  Reference blob, packed;
  blob.type = TypeTag::tensor;
  blob.place = Reference::Place::blob;
  blob.size = 1 << 20;
  blob.id = sha256("blob");
  packed.type = TypeTag::text;
  packed.place = Reference::Place::packed;
  packed.size = 1000;
  packed.id = sha256("value");
  packed.pack = sha256("pack");
  packed.pack_offset = 8;
  m.artifacts = {{"a", blob}, {"b", packed}, {"merged", m.artifacts[0].value}};
  m.own = 2;
  m.failure = Failure{FailureKind::exit_code, 3, "type", "message", "place:1"};
  m.next.decisions = {"work", "choose mode(a|b)"};
  m.next.fan_out =
      Transition::FanOut{3, Reference::inlined(TypeTag::list, std::string("\x83\x03\x00\xf6\x01\x02\x03", 7)), "items"};
  m.reads = {{"a", sha256("a")}, {"b", std::nullopt}};
  m.metadata = {{"key", "value"}};
  check_manifest("v2_everything", m);
  m.version = 1;
  m.next.decisions.clear();
  m.next.ordinals = {1, 0};
  m.next.fan_out->field.clear();
  check_manifest("v1_everything", m);
}

}  // namespace
}  // namespace backlot
