#include "backlot/value/codec.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <set>
#include <unordered_map>

#include "backlot/base/test_errors.h"
#include "backlot/value/test_blobs.h"

namespace backlot {

struct Movie {
  std::string genre;
  double gross = 0;
  std::optional<int> stars = 3;
  BACKLOT_FIELDS(genre, gross, stars)
  bool operator==(const Movie&) const = default;
};
struct Sequel : Movie {
  std::vector<Movie> earlier;
  std::map<std::string, std::vector<std::pair<int, bool>>> notes;
  BACKLOT_FIELDS(Movie::fields, earlier, notes)
  bool operator==(const Sequel&) const = default;
};
struct Tree {
  int value = 0;
  std::vector<Tree> children;
  BACKLOT_FIELDS(value, children)
  bool operator==(const Tree&) const = default;
};
struct OlderMovie {
  double gross = 0;
  std::string genre;
  BACKLOT_FIELDS(gross, genre)
  bool operator==(const OlderMovie&) const = default;
};
struct StrictMovie {
  std::string genre, director;
  BACKLOT_FIELDS(genre, director)
};
enum class Size : std::uint8_t { small = 1, large = 200 };

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

/// Encodes, checks that decoding gives the value back and encoding that the same bytes, and returns them.
template <class T>
RawValue round_trip(const T& value) {
  EncodedValue encoded = encode_value(value);
  RawValue raw{encoded.type, encoded.raw()};
  T back = decode_value<T>(raw.type, raw.raw);
  EXPECT_EQ(back, value);
  EXPECT_EQ(encode_value(back).raw(), raw.raw);

  // The same inside of something else, and as an item of a list.
  MemoryBlobs blobs;
  ValueLoader loader(blobs);
  ValueSaver saver(blobs);
  std::vector<T> list(3, value);
  Reference saved = codec::save_value(list, saver);
  saver.finish(std::vector<Reference*>{&saved});
  EXPECT_EQ(codec::load_value<std::vector<T>>(saved, loader), list);
  EXPECT_EQ(item_count(saved, loader), 3u);
  EXPECT_EQ(load_item<T>(saved, 1, loader), value);
  Reference item = item_of(saved, 2, loader);
  EXPECT_EQ(item.type, raw.type);
  EXPECT_EQ(item.inline_bytes, raw.raw) << "an item is the same bytes as the value alone";
  auto small = small_item_of(saved, 2, loader);
  EXPECT_EQ(small.has_value(), raw.raw.size() <= inline_value_limit);
  if (small) { EXPECT_EQ(*small, item); }
  std::map<std::string, std::vector<T>> nested{{"", {}}, {"x", list}};
  EncodedValue outer = encode_value(nested);
  EXPECT_EQ((decode_value<std::map<std::string, std::vector<T>>>(outer.type, outer.raw())), nested);
  return raw;
}

template <class T>
ErrorCode decode_error(TypeTag type, std::string_view raw) {
  return code_from([&] { decode_value<T>(type, raw); }).value_or(ErrorCode::internal);
}
template <class T, class From>
std::string mismatch(const From& value) {
  EncodedValue encoded = encode_value(value);
  EXPECT_EQ(decode_error<T>(encoded.type, encoded.raw()), ErrorCode::wrong_type);
  return text_from([&] { decode_value<T>(encoded.type, encoded.raw()); });
}

TEST(Codec, every_type_comes_back) {
  EXPECT_EQ(round_trip(true).type, TypeTag::boolean);
  EXPECT_EQ(round_trip(std::int64_t{INT64_MIN}).type, TypeTag::integer);
  round_trip(std::uint64_t{UINT64_MAX});
  round_trip(std::int8_t{-128});
  EXPECT_EQ(round_trip(0.1).type, TypeTag::real);
  round_trip(0.1f);
  round_trip(-HUGE_VALF);
  EXPECT_EQ(round_trip(std::string("h\xc3\xa9llo")), (RawValue{TypeTag::text, "\x66h\xc3\xa9llo"}));
  EXPECT_EQ(round_trip(Bytes::of("\xff")), (RawValue{TypeTag::bytes, "\x41\xff"}));
  EXPECT_EQ(round_trip(std::monostate()).type, TypeTag::null);
  EXPECT_EQ(round_trip(Size::large).type, TypeTag::integer);
  EXPECT_EQ(round_trip(std::optional<int>()).type, TypeTag::null);
  EXPECT_EQ(round_trip(std::optional<int>(7)).type, TypeTag::integer);
  EXPECT_EQ(round_trip(std::optional<std::vector<int>>({1, 2})).type, TypeTag::list);
  EXPECT_EQ(round_trip(std::vector<std::string>{"a", "", std::string(1000, 'b')}).type, TypeTag::list);
  round_trip(std::vector<double>{});
  round_trip(std::vector<std::vector<std::vector<int>>>{{}, {{}, {1}}});
  round_trip(std::array<int, 3>{1, 2, 3});
  round_trip(std::pair<int, std::string>{1, "x"});
  round_trip(std::tuple<>());
  round_trip(std::set<std::string>{"b", "a"});
  EXPECT_EQ(round_trip(std::filesystem::path("/a/b")).type, TypeTag::text);
  EXPECT_EQ(round_trip(std::map<std::string, int>{{"b", 1}, {"a", 2}}).type, TypeTag::map);
  round_trip(std::map<int, std::map<std::uint64_t, bool>>{{-1, {{UINT64_MAX, true}}}, {5, {}}});
  round_trip(std::map<Size, int>{{Size::small, 2}, {Size::large, 1}});
  round_trip(Movie{"drama", 1.5, 4});
  EXPECT_EQ(round_trip(std::vector<Movie>{}), round_trip(std::vector<int>{}));
  round_trip(std::vector<std::vector<Movie>>{{}, {{"drama", 1.5, 4}}});
  round_trip(Sequel{{"drama", 1.5, {}}, {{"comedy", 2, 1}}, {{"n", {{1, true}}}}});
  round_trip(Tree{1, {{2, {}}, {3, {{4, {}}}}}});
}

TEST(Codec, enumerators_are_kept_by_name) {
  EXPECT_EQ(round_trip(Size::small), (RawValue{TypeTag::text, "\x65small"}));
  EXPECT_EQ(decode_value<Size>(TypeTag::integer, "\x01"), Size::small) << "as all were written once";
  round_trip(std::vector<Size>{Size::small, Size::large, Size::small});
  try {
    decode_value<Size>(TypeTag::text, "\x64tiny");
    ADD_FAILURE() << "there is no such enumerator";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::wrong_type);
    EXPECT_NE(std::string(e.what()).find("'tiny' is no enumerator of Size"), std::string::npos) << e.what();
  }
  using Either = std::variant<double, Size>;
  round_trip(Either{1.5});
  round_trip(Either{Size::small});
  round_trip(Either{Size::large});
  EXPECT_EQ(decode_value<Either>(TypeTag::integer, "\x01"), Either{Size::small}) << "as it was written once";
  using Mapped = std::variant<Size, std::map<int, int>>;
  round_trip(Mapped{Size::small});
  round_trip(Mapped{std::map<int, int>{{0, 7}}});
  EXPECT_EQ(decode_value<Mapped>(TypeTag::map, "\xa1\0\x07"s), (Mapped{std::map<int, int>{{0, 7}}}));
  using Texts = std::variant<std::string, Size>;
  EXPECT_EQ(round_trip(Texts{Size::small}).type, TypeTag::integer) << "a text is the other alternative";
  EXPECT_EQ(round_trip(Texts{"small"s}).type, TypeTag::text);
  round_trip(std::variant<int, Size>{Size::small});
  round_trip(std::vector<Texts>{Size::small, "small"s, Size::large});
  using Sizes = std::map<Size, int>;
  EncodedValue old = encode_value(std::map<int, int>{{1, 7}, {200, 8}});
  EXPECT_EQ(decode_value<Sizes>(old.type, old.raw()), (Sizes{{Size::small, 7}, {Size::large, 8}}));
  EXPECT_EQ(encode_value(Sizes{{Size::small, 7}}).raw(), encode_value(std::map<std::string, int>{{"small", 7}}).raw());
}

TEST(Codec, vectors_of_bool) {
  std::vector<bool> bits{true, false, true};
  EncodedValue encoded = encode_value(bits);
  EXPECT_EQ(decode_value<std::vector<bool>>(encoded.type, encoded.raw()), bits);
}

TEST(Codec, there_is_one_nan) {
  EncodedValue one = encode_value(std::nan("5")), other = encode_value(-std::nan(""));
  EXPECT_EQ(one.raw(), other.raw());
  EXPECT_TRUE(std::isnan(decode_value<double>(one.type, one.raw())));
}

TEST(Codec, unordered_maps_are_sorted) {
  std::unordered_map<std::string, int> one, other;
  for (int i = 0; i < 100; ++i) one["k" + std::to_string(i)] = i;
  other.reserve(5000);
  for (int i = 100; i-- > 0;) other["k" + std::to_string(i)] = i;
  round_trip(one);
  EXPECT_EQ(encode_value(one).raw(), encode_value(other).raw());
  EXPECT_EQ(encode_value(one).raw(), encode_value(std::map<std::string, int>(one.begin(), one.end())).raw());
}

TEST(Codec, variants_of_different_types_stand_for_themselves) {
  using Any = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<int>>;
  EXPECT_EQ(round_trip(Any("x")), (RawValue{TypeTag::text, "\x61x"}));
  EXPECT_EQ(round_trip(Any(1.0)).type, TypeTag::real);
  EXPECT_EQ(round_trip(Any(std::int64_t{1})).type, TypeTag::integer);
  EXPECT_EQ(round_trip(Any()).type, TypeTag::null);
  EXPECT_EQ(round_trip(Any(std::vector<int>{1})), round_trip(std::vector<int>{1}));
}

TEST(Codec, variants_of_equal_types_are_numbered) {
  using Either = std::variant<int, long, Movie, OlderMovie>;
  EXPECT_NE(round_trip(Either(1)), round_trip(Either(1L)));
  round_trip(Either(Movie{"m", 1, 2}));
  round_trip(Either(OlderMovie{}));
}

TEST(Codec, durations_keep_their_length) {
  EXPECT_EQ(round_trip(1500ms), round_trip(1500000us));
  EncodedValue encoded = encode_value(2s);
  EXPECT_EQ(decode_value<std::chrono::milliseconds>(encoded.type, encoded.raw()), 2000ms);
  mismatch<std::chrono::seconds>(1500ms);
  round_trip(std::chrono::duration<double>(0.1));
  EXPECT_EQ(code_from([] { encode_value(std::chrono::hours::max()); }), ErrorCode::invalid);
}

TEST(Codec, types_that_do_not_fit_are_refused) {
  EXPECT_EQ(mismatch<int>(std::string("x")), "expected an int, found a text");
  mismatch<std::string>(1);
  mismatch<std::string>(Bytes::of("x"));
  mismatch<Bytes>(std::string("x"));
  mismatch<bool>(1);
  mismatch<int>(true);
  mismatch<int>(1.0);
  mismatch<int>(std::int64_t{1} << 31);
  mismatch<unsigned>(-1);
  mismatch<std::int64_t>(UINT64_MAX);
  mismatch<float>(0.1);
  mismatch<float>(1e300);
  mismatch<double>((std::int64_t{1} << 53) + 1);
  mismatch<float>((1 << 24) + 1);
  mismatch<std::vector<int>>(1);
  mismatch<std::vector<int>>(std::map<std::string, int>());
  mismatch<std::map<std::string, int>>(std::map<int, int>{{1, 1}});
  mismatch<std::pair<int, int>>(std::vector<int>{1, 2, 3});
  mismatch<std::variant<int, std::string>>(1.5);
  EXPECT_EQ(mismatch<std::vector<int>>(std::vector<double>{1}), "item 0: expected an int, found a float");
  EXPECT_EQ(decode_error<int>(TypeTag::pickle, "x"), ErrorCode::wrong_type);
  EXPECT_EQ(decode_error<Movie>(TypeTag::tensor, "x"), ErrorCode::wrong_type);
}

TEST(Codec, floats_take_integers_they_have_exactly) {
  EncodedValue three = encode_value(3), minus = encode_value(-(std::int64_t{1} << 53));
  EXPECT_EQ(decode_value<double>(three.type, three.raw()), 3.0);
  EXPECT_EQ(decode_value<float>(three.type, three.raw()), 3.0f);
  EXPECT_EQ(decode_value<double>(minus.type, minus.raw()), -9007199254740992.0);
}

TEST(Codec, texts_must_be_utf8) {
  EXPECT_EQ(code_from([] { encode_value(std::string("\xff")); }), ErrorCode::invalid);
  EXPECT_EQ(text_from([] {
              encode_value(std::vector<Movie>{{}, {"\xff"}});
            }),
            "item 1: field 'genre' of backlot::Movie: a text must be UTF-8 (convert it, or keep it as Bytes)");
  EXPECT_EQ(decode_error<std::string>(TypeTag::text, "\x61\xff"), ErrorCode::corrupt);
}

TEST(Codec, fields_may_come_and_go) {
  Movie movie{"drama", 2, 5};
  EncodedValue encoded = encode_value(movie);
  EXPECT_EQ(decode_value<OlderMovie>(encoded.type, encoded.raw()), (OlderMovie{2, "drama"})) << "an unknown field";
  EncodedValue old = encode_value(std::vector<OlderMovie>{{2, "drama"}});
  EXPECT_EQ(decode_value<std::vector<Movie>>(old.type, old.raw()), (std::vector<Movie>{{"drama", 2, 3}}))
      << "a missing optional keeps its default, the order does not matter";
  std::string text = mismatch<StrictMovie>(movie);
  EXPECT_NE(text.find("field 'director' of backlot::StrictMovie is missing"), std::string::npos) << text;
}

TEST(Codec, structs_and_maps_are_alike) {
  using Map = std::map<std::string, std::variant<std::string, double>>;
  Map map{{"genre", "drama"}, {"gross", 2.0}};
  EncodedValue encoded = encode_value(map);
  EXPECT_EQ(decode_value<OlderMovie>(encoded.type, encoded.raw()), (OlderMovie{2, "drama"}));
  EncodedValue rows = encode_value(std::vector<OlderMovie>{{2, "drama"}});
  EXPECT_EQ(decode_value<std::vector<Map>>(rows.type, rows.raw()), std::vector<Map>{map});
  EncodedValue maps = encode_value(std::vector<Map>{map});
  EXPECT_EQ(decode_value<std::vector<OlderMovie>>(maps.type, maps.raw()), (std::vector<OlderMovie>{{2, "drama"}}));
}

TEST(Codec, names_of_fields_are_written_once) {
  std::vector<Movie> movies(1000, {"drama", 1, 1});
  EXPECT_LT(encode_value(movies).raw().size(), 1000 * 18 + 100);
  EXPECT_LT(encode_value(std::map<std::string, std::vector<Movie>>{{"all", movies}}).raw().size(), 1000 * 18 + 100);
}

TEST(Codec, nesting_is_bounded_when_written) {
  auto nested = [](int depth) {
    Tree tree;
    for (int i = 0; i < depth; ++i) {
      Tree outer;
      outer.children.push_back(std::move(tree));
      tree = std::move(outer);
    }
    return tree;
  };
  round_trip(nested(80));
  EXPECT_EQ(code_from([&] { encode_value(nested(1000)); }), ErrorCode::invalid);
  int most = 0;
  while (!code_from([&] { encode_value(nested(most + 1)); })) ++most;
  EncodedValue deepest = encode_value(nested(most));
  EXPECT_EQ(decode_value<Tree>(deepest.type, deepest.raw()), nested(most)) << "what can be written can be read";
}

TEST(Codec, damage_is_found) {
  Sequel sequel{{"drama", 1.5, {}}, {{"comedy", 2, 1}}, {{"n", {{1, true}}}}};
  Sequel plain{{"", 1, 3}, {}, {}};
  for (const EncodedValue& encoded : {encode_value(sequel), encode_value(std::vector<Sequel>{sequel, plain})}) {
    std::string raw = encoded.raw();
    auto decode = [&](std::string_view bytes) {
      if (encoded.type == TypeTag::map) return decode_value<Sequel>(encoded.type, bytes) == sequel;
      return decode_value<std::vector<Sequel>>(encoded.type, bytes) == std::vector<Sequel>{sequel, plain};
    };
    EXPECT_TRUE(decode(raw));
    for (std::size_t cut = 0; cut < raw.size(); ++cut) {
      EXPECT_EQ(code_from([&] { decode(std::string_view(raw).substr(0, cut)); }), ErrorCode::corrupt) << cut;
    }
    EXPECT_EQ(code_from([&] { decode(raw + '\xf6'); }), ErrorCode::corrupt);
    for (std::size_t bit = 0; bit < 8 * raw.size(); ++bit) {
      std::string flipped = raw;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
      bool same = false;
      code_from([&] { same = decode(flipped); });
      EXPECT_FALSE(same) << "different bytes, same value: bit " << bit << testing::PrintToString(raw);
    }
  }
}

TEST(Codec, an_item_is_read_without_the_others) {
  std::vector<std::string> words;
  for (int i = 0; i < 1000; ++i) words.push_back(std::string(static_cast<std::size_t>(i % 7), 'x') + std::to_string(i));
  EncodedValue encoded = encode_value(words);
  std::string raw = encoded.raw();
  std::size_t second_half = raw.size() - encoded.body.size() / 2;
  std::fill(raw.begin() + static_cast<std::ptrdiff_t>(second_half), raw.end(), '\xff');
  Reference broken = Reference::inlined(TypeTag::list, raw);
  MemoryBlobs blobs;
  ValueLoader loader(blobs);
  EXPECT_EQ(load_item<std::string>(broken, 17, loader), words[17]);
  EXPECT_EQ(code_from([&] { load_item<std::string>(broken, 999, loader); }), ErrorCode::corrupt);
  EXPECT_EQ(code_from([&] { load_item<std::string>(broken, 1000, loader); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { item_count(Reference::inlined(TypeTag::text, "x"), loader); }), ErrorCode::wrong_type);
}

TEST(Codec, an_index_is_as_small_as_can_be) {
  EXPECT_LT(encode_value(std::vector<double>(1000)).head.size(), 10u);
  EXPECT_LT(encode_value(std::vector<int>{1, 1000}).head.size(), 10u);
  EXPECT_EQ(encode_value(std::vector<int>{}).raw().size(), 4u);
}

TEST(Codec, ops_do_the_same_without_the_type) {
  MemoryBlobs blobs;
  ValueLoader loader(blobs);
  ValueSaver saver(blobs);
  const ValueOps& ops = value_ops<std::vector<Movie>>();
  std::vector<Movie> movies{{"drama", 1, 2}};
  Reference saved = ops.save(&movies, saver);
  EXPECT_EQ(*std::static_pointer_cast<std::vector<Movie>>(ops.load(saved, loader)), movies);
  auto parsed = ops.from_json(R"([{"genre": "drama", "gross": 1, "stars": 2}])");
  EXPECT_EQ(*std::static_pointer_cast<std::vector<Movie>>(parsed), movies);
  EXPECT_EQ(text_from([&] { ops.from_json(R"([{"genre": "drama", "gros": 1}])"); }),
            "item 0: backlot::Movie has no field 'gros'");
  EXPECT_EQ(code_from([&] { ops.from_json("[1]"); }), ErrorCode::invalid);
  EXPECT_EQ(value_ops<int>().type_name, "int");
}

TEST(Codec, json_has_fewer_types) {
  auto parse = []<class T>(T*, const char* json) {
    return *std::static_pointer_cast<T>(value_ops<T>().from_json(json));
  };
  EXPECT_EQ(parse(static_cast<double*>(nullptr), "3"), 3.0);
  EXPECT_TRUE(std::isnan(parse(static_cast<double*>(nullptr), "\"NaN\"")));
  EXPECT_EQ(parse(static_cast<float*>(nullptr), "0.1"), 0.1f);
  EXPECT_EQ(parse(static_cast<Bytes*>(nullptr), "\"/w==\""), Bytes::of("\xff"));
  EXPECT_EQ(parse(static_cast<std::map<int, bool>*>(nullptr), R"({"-5": true})"), (std::map<int, bool>{{-5, true}}));
  EXPECT_EQ(parse(static_cast<std::variant<double, std::string>*>(nullptr), "3"),
            (std::variant<double, std::string>(3.0)));
  EXPECT_EQ(code_from([&] { parse(static_cast<int*>(nullptr), "1.5"); }), ErrorCode::invalid);
}

// Whoever hands out items does not copy large ones, nor open a large list for a small one.
TEST(SmallItem, large_ones_stay_where_they_are) {
  MemoryBlobs blobs;
  ValueLoader loader(blobs);
  std::vector<std::string> short_and_long{"a", std::string(1000, 'b')};
  Reference texts = Reference::inlined(TypeTag::list, encode_value(short_and_long).raw());
  EXPECT_EQ(small_item_of(texts, 0, loader), Reference::inlined(TypeTag::text,
                                                                "\x61"
                                                                "a"));
  EXPECT_EQ(small_item_of(texts, 1, loader), std::nullopt);
  EXPECT_EQ(code_from([&] { (void)small_item_of(texts, 2, loader); }), ErrorCode::not_found);
  Reference missing;
  missing.type = TypeTag::list;
  missing.place = Reference::Place::blob;
  missing.size = 1 << 30;
  EXPECT_EQ(small_item_of(missing, 0, loader), std::nullopt) << "it is not opened";
}

TEST(SmallItem, of_a_list_are_found_with_the_list_opened_once) {
  MemoryBlobs blobs;
  ValueLoader loader(blobs);
  ValueSaver saver(blobs);
  std::vector<std::int64_t> numbers(100'000);
  std::iota(numbers.begin(), numbers.end(), 0);
  Reference list = codec::save_value(numbers, saver);
  saver.finish(std::vector<Reference*>{&list});
  ASSERT_EQ(list.place, Reference::Place::blob);
  for (std::uint64_t i = 0; i < numbers.size(); i += 99) ASSERT_TRUE(small_item_of(list, i, loader));
  EXPECT_EQ(blobs.opened, 1);
}

TEST(ItemLabel, is_short_and_readable) {
  MemoryBlobs blobs;
  ValueLoader loader(blobs);
  auto label = [&](const auto& list) {
    return item_label(item_of(Reference::inlined(TypeTag::list, encode_value(list).raw()), 0, loader));
  };
  EXPECT_EQ(label(std::vector<std::string>{"Drama\nfilm"}), "Drama film");
  EXPECT_EQ(label(std::vector<int>{17}), "17");
  EXPECT_EQ(label(std::vector<Movie>{{"drama", 1.5, 2}}), R"({"genre":"drama","gross":1.5,"stars":2})");
  std::string euros;
  for (int i = 0; i < 100; ++i) euros += "\xe2\x82\xac";
  std::string shortened = label(std::vector<std::string>{euros});
  EXPECT_LE(shortened.size(), 64u);
  EXPECT_TRUE(shortened.starts_with("\xe2\x82\xac") && shortened.ends_with("\xe2\x80\xa6"));
}

}  // namespace
}  // namespace backlot
