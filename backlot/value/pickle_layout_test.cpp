#include "backlot/value/pickle_layout.h"

#include <gtest/gtest.h>

#include "backlot/base/test_errors.h"
#include "backlot/value/test_golden.h"

namespace backlot {
namespace {

std::string raw_pickle_of(const PicklePreview& preview, const std::string& stream,
                          const std::vector<std::string>& buffers) {
  std::vector<std::uint64_t> sizes;
  for (auto& b : buffers) sizes.push_back(b.size());
  auto glue = pickle_glue(preview, stream.size(), sizes);
  std::string raw = glue[0] + stream;
  for (std::size_t i = 0; i < buffers.size(); ++i) raw += glue[i + 1] + buffers[i];
  return raw;
}

const PicklePreview frame{"pandas.core.frame.DataFrame", "   x\n0  1", {1, 1}};

TEST(PickleLayout, parts_come_back) {
  std::string raw = raw_pickle_of(frame, "stream", {"one", "", std::string(5, 'x')});
  PickleLayout layout(raw);
  EXPECT_EQ(layout.preview, frame);
  EXPECT_EQ(layout.stream, "stream");
  EXPECT_EQ(layout.buffers, (std::vector<std::string_view>{"one", "", "xxxxx"}));
}

TEST(PickleLayout, large_buffers_begin_on_a_page) {
  std::string raw = raw_pickle_of({}, "s", {"small", std::string(70'000, 'x')});
  PickleLayout layout(raw);
  EXPECT_EQ((layout.buffers[0].data() - raw.data()) % 8, 0);
  EXPECT_EQ((layout.buffers[1].data() - raw.data()) % 4096, 0);
}

TEST(PickleLayout, a_preview_is_bounded_and_utf8) {
  std::string long_text;
  while (long_text.size() < 4000) long_text += "ä";
  std::string raw = raw_pickle_of({"t", long_text + "\xff", {}}, "s", {});
  PickleLayout layout(raw);
  EXPECT_EQ(layout.preview.repr.size(), preview_limit);
}

TEST(PickleLayout, every_cut_and_every_addition_is_refused) {
  std::string raw = raw_pickle_of(frame, "stream", {"one", "two"});
  for (std::size_t size = 0; size < raw.size(); ++size)
    EXPECT_EQ(code_from([&] { PickleLayout(raw.substr(0, size)); }), ErrorCode::corrupt) << size;
  EXPECT_EQ(code_from([&] { PickleLayout(raw + "x"); }), ErrorCode::corrupt);
}

TEST(PickleLayout, golden) {
  std::string today = raw_pickle_of(frame, "stream", {"one", "two"});
  EXPECT_EQ(hex(golden(BACKLOT_GOLDEN "/values/pickle", "\x0c" + today)), hex("\x0c" + today));
}

}  // namespace
}  // namespace backlot
