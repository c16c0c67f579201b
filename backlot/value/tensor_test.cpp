#include "backlot/value/tensor.h"

#include <gtest/gtest.h>

#include <complex>
#include <numeric>

#include "backlot/base/test_errors.h"
#include "backlot/value/test_blobs.h"
#include "backlot/value/to_json.h"

namespace backlot {
namespace {

struct Store {
  MemoryBlobs blobs;
  ValueLoader loader{blobs};
  template <class T>
  Reference save(const T& value) {
    ValueSaver saver(blobs);
    Reference r = codec::save_value(value, saver);
    saver.finish(std::vector<Reference*>{&r});
    return r;
  }
  template <class T>
  Tensor<T> load(const Reference& r) {
    return codec::load_value<Tensor<T>>(r, loader);
  }
};

template <class T>
std::vector<T> count_to(std::size_t n) {
  std::vector<T> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = static_cast<T>(i % 100);
  return all;
}

template <class T>
void comes_back() {
  Store store;
  for (std::size_t n : {0u, 1u, 7u, 100u, 5000u, 70000u}) {
    std::vector<T> numbers = count_to<T>(n);
    Reference r = store.save(Tensor<T>(numbers, {n, 1}));
    Tensor<T> back = store.load<T>(r);
    EXPECT_EQ(back.shape(), (Shape{n, 1}));
    EXPECT_TRUE(std::equal(numbers.begin(), numbers.end(), back.data().begin(), back.data().end()));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(back.data().data()) % alignof(T), 0u);
    EXPECT_EQ(store.save(back), r) << "the same tensor is the same bytes";
  }
}

TEST(Tensor, comes_back) {
  comes_back<std::int8_t>();
  comes_back<std::uint16_t>();
  comes_back<std::int32_t>();
  comes_back<std::uint64_t>();
  comes_back<float>();
  comes_back<double>();
  comes_back<std::complex<float>>();
  comes_back<std::complex<double>>();
  Store store;
  bool flags[] = {true, false, true};
  EXPECT_TRUE(store.load<bool>(store.save(Tensor<bool>::borrow(flags, {3})))[2]);
}

TEST(Tensor, a_large_one_is_read_in_place_and_lies_on_a_page) {
  Store store;
  std::vector<double> numbers = count_to<double>(10'000);
  Reference r = store.save(Tensor<double>::borrow(numbers, {100, 100}));
  ASSERT_EQ(r.place, Reference::Place::blob);
  const std::string& raw = store.blobs.blobs.at(r.id).raw;
  EXPECT_EQ(raw.size(), 4096 + 80'000u);
  EXPECT_EQ(reinterpret_cast<const char*>(store.load<double>(r).data().data()), raw.data() + 4096);
}

TEST(Tensor, types_and_shapes_are_told_apart) {
  Store store;
  Reference r = store.save(Tensor<double>({1, 2, 3, 4}, {2, 2}));
  EXPECT_NE(store.save(Tensor<double>({1, 2, 3, 4}, {4})), r);
  EXPECT_NE(store.save(Tensor<std::uint8_t>({1})), store.save(Tensor<std::int8_t>({1})));
  EXPECT_EQ(text_from([&] { store.load<float>(r); }), "expected a tensor of float32, found one of float64");
  EXPECT_EQ(code_from([&] { codec::load_value<std::vector<double>>(r, store.loader); }), ErrorCode::wrong_type);
  EXPECT_EQ(code_from([&] { store.load<float>(store.save(1.0)); }), ErrorCode::wrong_type);
  EXPECT_EQ(code_from([] { Tensor<int>({1, 2, 3}, {2, 2}); }), ErrorCode::invalid);
  EXPECT_EQ(code_from([] { Tensor<int>({}, {UINT64_MAX, UINT64_MAX}); }), ErrorCode::invalid);
  EXPECT_EQ(code_from([] { Tensor<int>({}, {UINT64_MAX, 0}); }), std::nullopt);
}

TEST(Tensor, its_items_are_read_alone) {
  Store store;
  Reference line = store.save(Tensor<std::int16_t>({5, -6, 7})),
            grid = store.save(Tensor<float>({1, 2, 3, 4, 5, 6}, {3, 2}));
  EXPECT_EQ(item_count(line, store.loader), 3u);
  EXPECT_EQ(load_item<int>(line, 1, store.loader), -6);
  EXPECT_EQ(item_label(item_of(line, 2, store.loader)), "7");
  auto row = load_item<Tensor<float>>(grid, 2, store.loader);
  EXPECT_EQ(row.shape(), Shape{2});
  EXPECT_EQ(row[1], 6);
  EXPECT_EQ(code_from([&] { load_item<int>(line, 3, store.loader); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { item_count(store.save(Tensor<int>({1}, {})), store.loader); }), ErrorCode::wrong_type);
}

TEST(Tensor, damage_is_found) {
  Store store;
  Reference r = store.save(Tensor<std::int32_t>({1, 2, 3, 4}, {2, 2}));
  const std::string raw = r.inline_bytes;
  auto code = [&](const std::string& bytes) {
    return code_from([&] { store.load<std::int32_t>(Reference::inlined(TypeTag::tensor, bytes)); });
  };
  for (std::size_t cut = 0; cut < raw.size(); ++cut) EXPECT_EQ(code(raw.substr(0, cut)), ErrorCode::corrupt);
  EXPECT_EQ(code(raw + '\0'), ErrorCode::corrupt);
  std::size_t padding = raw.size() - 16 - 1;
  ASSERT_EQ(raw[padding], '\0');
  std::string dirty = raw;
  dirty[padding] = 1;
  EXPECT_EQ(code(dirty), ErrorCode::corrupt);
  std::string huge = "\x82\x65int32\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x03";
  EXPECT_EQ(code(huge), ErrorCode::corrupt);
}

TEST(Tensor, comes_from_json_and_is_shown_as_json) {
  auto numbers = std::static_pointer_cast<Tensor<double>>(value_ops<Tensor<double>>().from_json("[1, 2.5]"));
  EXPECT_EQ((*numbers)[1], 2.5);
  EXPECT_EQ(code_from([] { value_ops<Tensor<std::complex<float>>>().from_json("[1]"); }), ErrorCode::unsupported);
  Store store;
  EXPECT_EQ(to_json(store.save(*numbers), store.loader),
            R"({"$type":"tensor","dtype":"float64","shape":[2],"data":[1.0,2.5]})");
  std::vector<std::complex<float>> pair{{1, 2}, {3, 4}};
  std::string some = to_json(TypeTag::tensor, store.save(Tensor(pair)).inline_bytes, {.tensor_elements = 1});
  EXPECT_EQ(some, R"({"$type":"tensor","dtype":"complex64","shape":[2],"data":[[1.0,2.0]],"elements":2})");
}

}  // namespace
}  // namespace backlot
