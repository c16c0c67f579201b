#include "backlot/cli/output_lines.h"

#include <gtest/gtest.h>

#include <vector>

namespace backlot::cli {
namespace {

struct Reader {
  OutputLines lines;
  std::vector<std::string> got;
  OutputLines::Take take = [this](Stream stream, std::string_view line) {
    got.push_back((stream == Stream::out ? "out:" : "err:") + std::string(line));
  };
  void add(std::int64_t task, Stream stream, std::string_view bytes) { lines.add(task, stream, bytes, take); }
};

TEST(OutputLines, wait_for_their_end_each_for_its_own) {
  Reader r;
  r.add(1, Stream::out, "on");
  r.add(2, Stream::out, "tw");
  r.add(1, Stream::err, "oops\n");
  r.add(1, Stream::out, "e\n\nthr");
  r.add(2, Stream::out, "o\n");
  r.add(1, Stream::out, "");
  EXPECT_EQ(r.got, (std::vector<std::string>{"err:oops", "out:one", "out:", "out:two"}));
  r.lines.end(1, r.take);
  r.lines.end(1, r.take);
  r.lines.end(2, r.take);
  EXPECT_EQ(r.got.size(), 5u);
  EXPECT_EQ(r.got.back(), "out:thr");
}

TEST(OutputLines, do_not_grow_without_end) {
  Reader r;
  for (int i = 0; i < 100; ++i) r.add(1, Stream::out, std::string(1000, 'x'));
  ASSERT_EQ(r.got.size(), 1u);
  EXPECT_GE(r.got[0].size(), 64u << 10);
  EXPECT_LE(r.got[0].size(), 66u << 10);
}

}  // namespace
}  // namespace backlot::cli
