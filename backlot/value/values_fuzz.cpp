// Any bytes as a value of any type: read as C++ types, as JSON, item by item, they are refused with an Error or mean
// the same when they are written again.
#include <cstdint>

#include "backlot/value/codec.h"
#include "backlot/value/folder_value.h"
#include "backlot/value/tensor.h"
#include "backlot/value/test_blobs.h"
#include "backlot/value/to_json.h"

namespace backlot {
namespace {

struct Part {
  std::string name;
  std::optional<double> weight;
  std::vector<Part> parts;
  BACKLOT_FIELDS(name, weight, parts)
  bool operator==(const Part&) const = default;
};
struct Group {
  std::map<std::string, std::vector<Part>> groups;
  std::map<int, std::pair<bool, float>> pairs;
  std::variant<std::monostate, std::int64_t, std::string, Bytes, std::vector<std::uint8_t>> any;
  BACKLOT_FIELDS(groups, pairs, any)
  bool operator==(const Group&) const = default;
};
using Any = std::variant<std::monostate, bool, std::int64_t, double, std::string, Bytes, std::vector<Group>>;

template <class T>
void check(TypeTag type, std::string_view raw) {
  try {
    T value = decode_value<T>(type, raw);
    EncodedValue again = encode_value(value);
    // Unknown fields and the order of others are not kept; nor is there a NaN that equals itself.
    T back = decode_value<T>(again.type, again.raw());
    BACKLOT_ASSERT(encode_value(back).raw() == again.raw());
  } catch (const Error& e) {
    BACKLOT_ASSERT(e.code() == ErrorCode::corrupt || e.code() == ErrorCode::wrong_type ||
                   e.code() == ErrorCode::invalid);
  }
}

template <class T>
void check_exactly(TypeTag type, std::string_view raw) {
  try {
    BACKLOT_ASSERT(encode_value(decode_value<T>(type, raw)).raw() == raw);
  } catch (const Error&) {}
}

template <class Action>
void only_errors(Action action) {
  try {
    action();
  } catch (const Error&) {}
}

void check_whole(const Reference& value) {
  MemoryBlobs none;
  ValueLoader loader(none);
  only_errors([&] { to_json(value, loader); });
  only_errors([&] {
    std::uint64_t count = item_count(value, loader);
    for (std::uint64_t i = 0; i < count && i < 20; ++i) {
      BACKLOT_ASSERT(item_label(item_of(value, i, loader)).size() <= 64);
      load_item<Part>(value, i, loader);
    }
  });
  auto keeps = [&]<class T>(T*) {
    only_errors([&] {
      T loaded = codec::load_value<T>(value, loader);
      ValueSaver saver(none);
      BACKLOT_ASSERT(codec::save_value(loaded, saver).identity() == value.identity());
    });
  };
  keeps(static_cast<Tensor<float>*>(nullptr));
  keeps(static_cast<Tensor<std::uint8_t>*>(nullptr));
  keeps(static_cast<FileValue*>(nullptr));
  keeps(static_cast<FolderValue*>(nullptr));
}

}  // namespace
}  // namespace backlot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backlot;
  if (size == 0) return 0;
  auto type = static_cast<TypeTag>(data[0] % 15);
  std::string_view raw(reinterpret_cast<const char*>(data + 1), size - 1);
  check<Group>(type, raw);
  check<std::vector<Group>>(type, raw);
  check<Any>(type, raw);
  check_exactly<std::vector<std::vector<std::string>>>(type, raw);
  check_exactly<std::vector<std::int64_t>>(type, raw);
  check_exactly<std::string>(type, raw);
  check_whole(Reference::inlined(type, std::string(raw)));
  only_errors([&] { value_ops<std::vector<Group>>().from_json(std::string(raw)); });
  return 0;
}
