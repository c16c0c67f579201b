#include "backlot/value/from_json.h"

#include <nlohmann/json.hpp>
#include <set>

#include "backlot/base/error.h"
#include "backlot/value/cbor.h"
#include "backlot/value/item.h"

namespace backlot {
namespace {

/// Writes CBOR as the parser goes along. A list or map is begun when its number of items is known: at its end.
class CborFromJson : public nlohmann::json_sax<nlohmann::json> {
 public:
  const std::string& result() const { return levels_[0].items; }

  bool null() override {
    return add([](CborWriter& out) { out.null(); });
  }
  bool boolean(bool value) override {
    return add([&](CborWriter& out) { out.boolean(value); });
  }
  bool number_integer(number_integer_t value) override {
    return add([&](CborWriter& out) { out.integer(value); });
  }
  bool number_unsigned(number_unsigned_t value) override {
    return add([&](CborWriter& out) { out.natural(value); });
  }
  bool number_float(number_float_t value, const std::string& text) override {
    if (text.find_first_of(".eE") == std::string::npos) {
      throw Error(ErrorCode::invalid, "the integer " + text + " has more than 64 bits", "write it as text");
    }
    return add([&](CborWriter& out) { out.real(value); });
  }
  bool string(std::string& value) override {
    return add([&](CborWriter& out) { out.text(value); });
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return begin(); }
  bool key(std::string& name) override {
    if (!levels_.back().keys.insert(name).second)
      throw Error(ErrorCode::invalid, "the key '" + name + "' stands twice");
    CborWriter(levels_.back().items).text(name);
    return true;
  }
  bool end_object() override {
    return end([](CborWriter& out, std::uint64_t count) { out.map(count); });
  }
  bool start_array(std::size_t) override { return begin(); }
  bool end_array() override {
    return end([](CborWriter& out, std::uint64_t count) { out.list(count); });
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& e) override {
    std::string_view text = e.what();
    throw Error(ErrorCode::invalid, "not JSON: " + std::string(text.substr(text.find("] ") + 2)));
  }

 private:
  struct Level {
    std::string items;
    std::uint64_t count = 0;
    std::set<std::string> keys;
  };

  bool add(auto write) {
    CborWriter out(levels_.back().items);
    write(out);
    ++levels_.back().count;
    return true;
  }
  bool begin() {
    if (levels_.size() > cbor_depth_limit) throw Error(ErrorCode::invalid, "the JSON nests too deep");
    levels_.emplace_back();
    return true;
  }
  bool end(auto write_head) {
    Level done = std::move(levels_.back());
    levels_.pop_back();
    return add([&](CborWriter& out) {
      write_head(out, done.count);
      out.raw(done.items);
    });
  }

  std::vector<Level> levels_{1};
};

}  // namespace

RawValue from_json(std::string_view json) {
  CborFromJson sax;
  nlohmann::json::sax_parse(json, &sax);
  return whole_value(sax.result(), nullptr);
}

}  // namespace backlot
