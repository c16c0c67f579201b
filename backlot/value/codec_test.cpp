#include "backlot/value/codec.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "backlot/value/manifest.h"
#include "backlot/value/tensor.h"
#include "backlot/value/to_json.h"

namespace backlot {
namespace {

/// Blobs in memory.
class Memory : public BlobReader, public BlobWriter {
 public:
  std::shared_ptr<const Mapping> open(const Digest& id) override {
    struct Held : Mapping {
      explicit Held(std::string_view bytes) { bytes_ = bytes; }
    };
    auto found = blobs.find(id);
    if (found == blobs.end()) throw Error(ErrorCode::not_found, "no blob " + id.hex());
    return std::make_shared<Held>(found->second);
  }
  Digest put(TypeTag type, const std::vector<std::string_view>& pieces, const std::vector<Digest>&) override {
    std::string raw;
    for (std::string_view p : pieces) raw += p;
    Digest id = identity_of(type, raw);
    blobs[id] = raw;
    return id;
  }
  std::map<Digest, std::string> blobs;
};

template <class T>
Reference save(const T& value, Memory& memory) {
  ValueSaver saver(memory);
  Reference r = value_ops<T>().save(&value, saver);
  Reference* all[] = {&r};
  saver.finish(all);
  return r;
}

template <class T>
T load(const Reference& r, Memory& memory) {
  ValueLoader loader(memory);
  return *static_cast<const T*>(value_ops<T>().load(r, loader).get());
}

template <class T>
void comes_back(const T& value) {
  Memory memory;
  Reference r = save(value, memory);
  EXPECT_EQ(load<T>(r, memory), value);
  EXPECT_EQ(save(value, memory), r) << "equal values must give equal bytes";
}

struct Inner {
  std::string name;
  std::optional<double> rating;
  bool operator==(const Inner&) const = default;
  BACKLOT_FIELDS(name, rating)
};
struct Outer : Inner {
  std::vector<Inner> parts;
  std::map<std::string, std::vector<int>> table;
  std::variant<int, std::string> either;
  bool operator==(const Outer&) const = default;
  BACKLOT_FIELDS(Inner::fields, parts, table, either)
};
enum class Colour : std::uint8_t { red, green };

TEST(Codec, every_type_comes_back) {
  comes_back(true);
  comes_back<std::int64_t>(std::numeric_limits<std::int64_t>::min());
  comes_back<std::uint64_t>(std::numeric_limits<std::uint64_t>::max());
  comes_back(-0.0);
  comes_back(std::numeric_limits<double>::infinity());
  comes_back(std::string("héllo"));
  comes_back(Bytes{std::byte{0}, std::byte{255}});
  comes_back(std::vector<bool>{true, false});
  comes_back(std::vector<std::string>{});
  comes_back(std::vector<std::vector<int>>{{1}, {}, {2, 3}});
  comes_back(std::map<int, std::string>{{2, "b"}, {-1, "a"}});
  comes_back(std::unordered_map<std::string, int>{{"b", 1}, {"a", 2}});
  comes_back(std::tuple<int, std::string>{1, "x"});
  comes_back(std::variant<int, std::string>{"x"});
  comes_back(std::optional<int>{});
  comes_back(std::optional<std::vector<int>>{{1, 2}});
  comes_back(std::array<double, 2>{1, 2});
  comes_back(Colour::green);
  comes_back(std::chrono::seconds(7));
  comes_back(std::filesystem::path("/a/b"));
  Outer outer{{"o", 1.5}, {{"p", {}}, {"q", 2.0}}, {{"k", {1, 2}}}, "text"};
  comes_back(outer);
  comes_back(std::vector<Outer>{outer, {}});
}

TEST(Codec, types_are_told_apart) {
  Memory memory;
  EXPECT_THROW(load<double>(save(1, memory), memory), Error);
  EXPECT_THROW(load<std::string>(save(Bytes{}, memory), memory), Error);
  EXPECT_THROW(load<std::int8_t>(save(300, memory), memory), Error);
  EXPECT_THROW(load<unsigned>(save(-1, memory), memory), Error);
}

struct Before {
  int a, gone;
  BACKLOT_FIELDS(a, gone)
};
struct After {
  std::optional<int> fresh;
  int a;
  BACKLOT_FIELDS(fresh, a)
};
struct Demanding {
  int a, more;
  BACKLOT_FIELDS(a, more)
};

TEST(Codec, a_struct_reads_by_name_alone_and_in_rows) {
  Memory memory;
  Reference one = save(Before{1, 2}, memory), rows = save(std::vector<Before>{{1, 2}, {3, 4}}, memory);
  EXPECT_EQ(load<After>(one, memory).a, 1);
  EXPECT_EQ(load<std::vector<After>>(rows, memory)[1].a, 3);
  EXPECT_THROW(load<Demanding>(one, memory), Error);
  EXPECT_THROW(load<std::vector<Demanding>>(rows, memory), Error);
}

TEST(Codec, one_item_is_read_without_the_others) {
  Memory memory;
  std::vector<std::string> many;
  for (int i = 0; i < 50'000; ++i) many.push_back("item " + std::to_string(i));
  Reference list = save(many, memory);
  EXPECT_EQ(list.place, Reference::Place::blob);
  ValueLoader loader(memory);
  EXPECT_EQ(load_item<std::string>(list, 49'999, loader), "item 49999");
  EXPECT_EQ(item_label(list, 7, loader), "item 7");
  EXPECT_THROW(load_item<std::string>(list, 50'000, loader), Error);
}

TEST(Codec, text_that_is_not_utf8_is_refused) {
  Memory memory;
  EXPECT_THROW(save(std::string("\xff"), memory), Error);
  for (auto bad : {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) EXPECT_FALSE(is_utf8(bad));
  EXPECT_TRUE(is_utf8("\xf0\x9f\x8e\xac"));
}

TEST(Saver, small_values_are_inline_middling_ones_share_a_pack_large_ones_are_blobs) {
  Memory memory;
  ValueSaver saver(memory);
  std::vector<Reference> all;
  for (int i = 0; i < 1000; ++i) all.push_back(saver.save(TypeTag::text, std::string(100, 'a' + i % 20) + std::to_string(i)));
  all.push_back(saver.save(TypeTag::text, std::string(100'000, 'x')));
  std::vector<Reference*> pointers;
  for (Reference& r : all) pointers.push_back(&r);
  saver.finish(pointers);
  EXPECT_EQ(memory.blobs.size(), 2u);
  EXPECT_EQ(all[0].place, Reference::Place::inlined);
  EXPECT_EQ(all[999].place, Reference::Place::packed);
  EXPECT_EQ(all[1000].place, Reference::Place::blob);
  ValueLoader loader(memory);
  EXPECT_EQ(loader.raw(all[999]).bytes, std::string(100, 'a' + 999 % 20) + "999");
  EXPECT_EQ(all[999].identity(), identity_of(TypeTag::text, loader.raw(all[999]).bytes));
}

TEST(Tensor, comes_back_without_a_copy_and_aligned) {
  Memory memory;
  std::vector<double> numbers(10'000);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i) / 3;
  Reference r = save(Tensor<double>::borrow(numbers, {100, 100}), memory);
  auto back = load<Tensor<double>>(r, memory);
  EXPECT_EQ(back.shape(), (std::vector<std::uint64_t>{100, 100}));
  EXPECT_TRUE(std::equal(numbers.begin(), numbers.end(), back.data().begin()));
  const std::string& blob = memory.blobs.at(r.id);
  EXPECT_EQ(reinterpret_cast<const char*>(back.data().data()), blob.data() + 4096);
  EXPECT_THROW(load<Tensor<float>>(r, memory), Error);
  EXPECT_THROW((Tensor<int>({1, 2, 3}, {2, 2})), Error);
}

TEST(Json, shows_every_kind_of_value) {
  Memory memory;
  ValueLoader loader(memory);
  auto json = [&](const auto& v) { return to_json(save(v, memory), loader); };
  EXPECT_EQ(json(std::vector<Inner>{{"a", 1.5}, {"b", {}}}), R"([{"name":"a","rating":1.5},{"name":"b","rating":null}])");
  EXPECT_EQ(json(std::map<std::string, double>{{"z", 1}, {"nan", std::nan("")}}), R"({"nan":"NaN","z":1.0})");
  EXPECT_EQ(json(Bytes{std::byte{'a'}, std::byte{'b'}}), R"({"bytes":"YWI="})");
  EXPECT_EQ(json(Tensor<int>({1, 2}, {2})), R"({"tensor":"i32","shape":[2],"first":[1,2]})");
}

TEST(Json, becomes_values_of_the_type_asked_for) {
  auto of = [](const char* text) { return std::static_pointer_cast<double>(value_ops<double>().from_json(text)); };
  EXPECT_EQ(*of("3"), 3.0);
  EXPECT_THROW(of("\"x\""), Error);
  EXPECT_THROW(of("{"), Error);
}

// --- manifests --------------------------------------------------------------------------------------------------------
Manifest random_manifest(std::mt19937_64& random) {
  auto word = [&] { return std::string(random() % 20, static_cast<char>('a' + random() % 26)); };
  auto reference = [&] {
    Reference r = Reference::inlined(static_cast<TypeTag>(random() % 14), word());
    if (random() % 2) return r;
    r.inline_bytes.clear();
    r.size = random();
    r.id = sha256(word());
    r.place = random() % 2 ? Reference::Place::blob : Reference::Place::packed;
    if (r.place == Reference::Place::packed) r.pack = sha256(word()), r.pack_offset = random() % 1000;
    return r;
  };
  Manifest m;
  if (random() % 4 == 0) m.failure = Failure{static_cast<FailureKind>(random() % 8), -3, word(), word(), word()};
  for (auto n = random() % 5; n > 0; --n) m.artifacts.push_back({word(), reference()});
  m.own = static_cast<std::uint32_t>(m.artifacts.empty() ? 0 : random() % (m.artifacts.size() + 1));
  for (auto n = random() % 3; n > 0; --n) m.next.decisions.push_back(static_cast<std::uint32_t>(random() % 100));
  if (random() % 2) m.next.fan = Transition::Fan{random(), reference()};
  for (auto n = random() % 3; n > 0; --n) m.reads.push_back({word(), random() % 2 ? std::optional(sha256(word())) : std::nullopt});
  for (auto n = random() % 2; n > 0; --n) m.metadata.push_back({word(), word()});
  return m;
}

TEST(Manifest, comes_back_and_no_prefix_of_it_does) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 500; ++i) {
    Manifest m = random_manifest(random);
    std::string bytes = encode(m);
    EXPECT_EQ(decode_manifest(bytes), m);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_THROW(decode_manifest(bytes.substr(0, cut)), Error);
  }
}

TEST(Manifest, a_trivial_one_is_small) {
  Manifest m;
  m.artifacts = {{"x", Reference::inlined(TypeTag::integer, "\x07")}};
  m.own = 1;
  EXPECT_LT(encode(m).size(), 16u);
}

TEST(Manifest, of_a_newer_backlot_is_told_so) {
  try {
    decode_manifest(std::string("\xa1\x00\x02", 3));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::newer_format);
  }
}

}  // namespace
}  // namespace backlot
