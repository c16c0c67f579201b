#include "backlot/value/manifest.h"

#include <gtest/gtest.h>

#include <random>

#include "backlot/base/test_errors.h"
#include "backlot/value/cbor.h"

namespace backlot {
namespace {

Manifest random_manifest(std::mt19937_64& random) {
  auto word = [&] { return std::string(random() % 20, static_cast<char>('a' + random() % 26)); };
  auto reference = [&] {
    Reference r = Reference::inlined(static_cast<TypeTag>(random() % 15), word());
    if (random() % 2) return r;
    r.inline_bytes.clear();
    r.size = random() >> random() % 64;
    r.id = sha256(word());
    r.place = random() % 2 ? Reference::Place::blob : Reference::Place::packed;
    if (r.place == Reference::Place::packed) {
      r.pack = sha256(word());
      r.pack_offset = random() % 100000;
    }
    return r;
  };
  Manifest m;
  if (random() % 4 == 0) m.failure = Failure{static_cast<FailureKind>(random() % 8), -3, word(), word(), word()};
  for (auto n = random() % 5; n > 0; --n) m.artifacts.push_back({word(), reference()});
  m.own = static_cast<std::uint32_t>(random() % (m.artifacts.size() + 1));
  m.version = random() % 2 ? 1 : 2;
  for (auto n = random() % 3; n > 0; --n) {
    if (m.version == 1)
      m.next.ordinals.push_back(static_cast<std::uint32_t>(random()));
    else
      m.next.decisions.push_back(word());
  }
  if (random() % 2) m.next.fan_out = Transition::FanOut{random(), reference(), m.version == 1 ? "" : word()};
  for (auto n = random() % 3; n > 0; --n) {
    m.reads.push_back({word(), random() % 2 ? std::optional(sha256(word())) : std::nullopt});
  }
  for (auto n = random() % 2; n > 0; --n) m.metadata.push_back({word(), word()});
  if (m.version > 1 && random() % 4 == 0) m.optional = {{64, "\x07"}, {65, std::string("\x82\x01\xf6", 3)}};
  return m;
}

TEST(Manifest, comes_back_and_no_prefix_of_it_does) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 500; ++i) {
    Manifest m = random_manifest(random);
    std::string bytes = encode(m);
    ASSERT_EQ(decode_manifest(bytes), m);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      ASSERT_EQ(code_from([&] { decode_manifest(std::string_view(bytes).substr(0, cut)); }), ErrorCode::corrupt);
    }
    ASSERT_EQ(code_from([&] { decode_manifest(bytes + '\xf6'); }), ErrorCode::corrupt);
  }
}

TEST(Manifest, a_flipped_bit_is_another_manifest_or_an_error) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 50; ++i) {
    Manifest m = random_manifest(random);
    std::string bytes = encode(m);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      std::string flipped = bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
      code_from([&] {
        Manifest other = decode_manifest(flipped);
        EXPECT_NE(other, m);
        EXPECT_EQ(encode(other), flipped);
      });
    }
  }
}

TEST(Manifest, a_trivial_one_is_small) {
  Manifest m;
  m.artifacts = {{"x", Reference::inlined(TypeTag::integer, "\x07")}};
  m.own = 1;
  EXPECT_LT(encode(m).size(), 16u);
}

TEST(Manifest, of_a_newer_backlot_is_told_so) {
  EXPECT_EQ(code_from([] { decode_manifest(std::string_view("\xa1\x00\x03", 3)); }), ErrorCode::newer_format);
  EXPECT_EQ(code_from([] { decode_manifest(std::string_view("\xa1\x00\x02", 3)); }), std::nullopt);
  EXPECT_EQ(code_from([] { decode_manifest(std::string_view("\xa1\x00\x01", 3)); }), std::nullopt);
  EXPECT_EQ(code_from([] { decode_manifest(std::string_view("\xa1\x00\x00", 3)); }), ErrorCode::corrupt);
}

TEST(Manifest, numbers_that_do_not_fit_are_refused_not_cut) {
  auto field = [](std::uint64_t key, const std::function<void(CborWriter&)>& write) {
    std::string bytes;
    CborWriter out(bytes);
    out.map(2);
    out.natural(0);
    out.natural(1);
    out.natural(key);
    write(out);
    return code_from([&] { decode_manifest(bytes); });
  };
  EXPECT_EQ(field(3, [](CborWriter& out) { out.natural(std::uint64_t{1} << 32); }), ErrorCode::corrupt);
  EXPECT_EQ(field(4,
                  [](CborWriter& out) {
                    out.list(1);
                    out.natural(std::uint64_t{1} << 32);
                  }),
            ErrorCode::corrupt);
  EXPECT_EQ(field(4, [](CborWriter& out) { out.list(0); }), ErrorCode::corrupt) << "an empty field is left out";
  EXPECT_EQ(field(9, [](CborWriter& out) { out.null(); }), ErrorCode::corrupt);
  EXPECT_EQ(field(64, [](CborWriter& out) { out.null(); }), ErrorCode::corrupt) << "version 1 has no optional fields";
}

TEST(Manifest, an_optional_field_of_a_newer_backlot_is_kept_as_it_is) {
  auto with = [](std::string_view key) {
    return std::string("\xa3\x00\x02\x02\xa1\x61x\x82\x02\x41\x07", 11) + std::string(key) + "\x63new";
  };
  std::string bytes = with("\x18\x40");
  Manifest m = decode_manifest(bytes);
  EXPECT_EQ(m.artifacts.size(), 1u);
  EXPECT_EQ(m.optional.size(), 1u);
  EXPECT_EQ(encode(m), bytes);
  EXPECT_EQ(code_from([&] { decode_manifest(with("\x18\x3f")); }), ErrorCode::corrupt) << "63 is not optional";
}

TEST(Manifest, a_failure_may_say_anything) {
  Manifest m;
  m.failure = Failure{FailureKind::exception, 0, "std::runtime_error", "bad byte \xff", ""};
  m.metadata = {{"key", "\xff"}};
  EXPECT_EQ(decode_manifest(encode(m)).failure->message, "bad byte \xef\xbf\xbd");
}

TEST(Manifest, knows_its_blobs_and_artifacts) {
  Manifest m;
  Reference blob, packed;
  blob.place = Reference::Place::blob;
  blob.id = sha256("blob");
  packed.place = Reference::Place::packed;
  packed.id = sha256("value");
  packed.pack = sha256("pack");
  m.artifacts = {{"a", blob}, {"b", packed}, {"c", packed}, {"d", Reference::inlined(TypeTag::null, "\xf6")}};
  m.next.fan_out = Transition::FanOut{1, blob};
  std::vector<Digest> expected{sha256("blob"), sha256("pack")};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(blobs_of(m), expected);
  EXPECT_EQ(m.find("b"), &m.artifacts[1].value);
  EXPECT_EQ(m.find("e"), nullptr);
}

}  // namespace
}  // namespace backlot
