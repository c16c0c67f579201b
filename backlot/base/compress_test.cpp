#include "backlot/base/compress.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "backlot/base/error.h"

namespace backlot {
namespace {

std::string noise(std::size_t size) {
  std::mt19937_64 random(size);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

bool is_corrupt(const std::function<void()>& action) {
  try {
    action();
    return false;
  } catch (const Error& e) { return e.code() == ErrorCode::corrupt; }
}

TEST(Compress, gives_back_what_it_got) {
  for (std::size_t size : {0u, 1u, 100u, 4096u, 1u << 20, (3u << 20) + 7}) {
    for (const std::string& raw : {std::string(size, 'x'), noise(size)}) {
      EXPECT_EQ(decompress(compress(raw), size), raw) << size;
      EXPECT_EQ(decompress(compress(raw, 9), size + 1), raw) << size;
    }
  }
  EXPECT_LT(compress(std::string(1 << 20, 'x')).size(), 1000u);
}

TEST(Compress, never_exceeds_the_limit) {
  std::string frame = compress(std::string(1 << 20, 'x'));
  EXPECT_TRUE(is_corrupt([&] { decompress(frame, (1 << 20) - 1); }));
  EXPECT_EQ(decompress(frame, 1 << 20).size(), 1u << 20);
}

TEST(Compress, finds_every_flipped_bit_or_it_did_not_matter) {
  const std::string raw = "one sentence, one sentence, and another sentence " + noise(50);
  const std::string frame = compress(raw);
  for (std::size_t bit = 0; bit < 8 * frame.size(); ++bit) {
    std::string flipped = frame;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
    EXPECT_TRUE(is_corrupt([&] {
      if (decompress(flipped, 1 << 20) == raw) throw Error(ErrorCode::corrupt, "a bit zstd does not use");
    })) << bit;
  }
}

TEST(Compress, refuses_what_is_not_one_whole_frame) {
  const std::string frame = compress("some bytes");
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_TRUE(is_corrupt([&] { decompress(frame.substr(0, size), 1 << 20); })) << size;
  }
  EXPECT_TRUE(is_corrupt([&] { decompress(frame + "x", 1 << 20); }));
  EXPECT_TRUE(is_corrupt([&] { decompress(frame + frame, 1 << 20); }));
  std::string raw(11, '\0');
  EXPECT_TRUE(is_corrupt([&] { decompress_into(frame, raw.data(), 9); }));
  EXPECT_TRUE(is_corrupt([&] { decompress_into(frame, raw.data(), 11); }));
}

}  // namespace
}  // namespace backlot
