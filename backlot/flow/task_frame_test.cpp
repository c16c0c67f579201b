#include "backlot/flow/task_frame.h"

#include <gtest/gtest.h>

#include <random>

#include "backlot/base/test_errors.h"
#include "backlot/value/cbor.h"

namespace backlot {
namespace {

class RandomFrames {
 public:
  explicit RandomFrames(std::uint64_t seed) : random_(seed) {}

  std::string word() { return std::string(random_() % 12, static_cast<char>('a' + random_() % 26)); }
  Reference reference() {
    Reference r = Reference::inlined(static_cast<TypeTag>(random_() % 15), word());
    if (random_() % 2) return r;
    r.inline_bytes.clear();
    r.place = Reference::Place::blob;
    r.size = random_();
    r.id = sha256(word());
    return r;
  }
  std::vector<NamedReference> scope() {
    std::vector<NamedReference> all;
    for (auto n = random_() % 4; n > 0; --n) all.push_back({word(), reference()});
    return all;
  }
  BranchRecord branch(std::uint64_t index) {
    return {index, static_cast<std::int64_t>(random_() >> 1), random_() % 2 == 0, scope()};
  }
  TaskFrame frame() {
    TaskFrame f;
    f.run = {word(), static_cast<std::int64_t>(random_() >> 1), static_cast<std::int64_t>(random_() % 2)};
    f.node = NodeId(random_() % 50);
    for (auto n = random_() % 3; n > 0; --n) f.path = f.path.with(IndexPath::Kind::item, random_());
    f.number = static_cast<std::int64_t>(random_() >> 1);
    f.range = 1 + random_() % 100;
    f.attempt = static_cast<std::int32_t>(random_() % 5);
    f.seed = random_();
    if (random_() % 3 == 0) f.caught = Failure{FailureKind::signal, 9, word(), word(), word()};
    f.scope = scope();
    for (auto n = random_() % 3; n > 0; --n) f.items.push_back({NodeId(n), random_(), reference()});
    f.branch_count = random_();
    f.branches = word() + '\xff';
    f.branch_file = "/r\xe9pertoire/" + word();
    f.split_scope = scope();
    f.joined_list = reference();
    return f;
  }

 private:
  std::mt19937_64 random_;
};

TEST(TaskFrame, comes_back_and_no_prefix_of_it_does) {
  RandomFrames random(1);
  for (int i = 0; i < 300; ++i) {
    TaskFrame f = random.frame();
    std::string bytes = encode(f);
    ASSERT_EQ(decode_frame(bytes), f);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      ASSERT_EQ(code_from([&] { decode_frame(std::string_view(bytes).substr(0, cut)); }), ErrorCode::corrupt);
    }
    ASSERT_EQ(code_from([&] { decode_frame(bytes + '\0'); }), ErrorCode::corrupt);
  }
}

TEST(TaskFrame, a_flipped_bit_is_another_frame_or_an_error) {
  RandomFrames random(2);
  for (int i = 0; i < 20; ++i) {
    TaskFrame f = random.frame();
    std::string bytes = encode(f);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      std::string flipped = bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
      code_from([&] {
        TaskFrame other = decode_frame(flipped);
        EXPECT_NE(other, f);
        EXPECT_EQ(encode(other), flipped);
      });
    }
  }
}

TEST(TaskFrame, of_a_newer_backlot_is_told_so_whatever_else_it_has) {
  std::string bytes;
  CborWriter out(bytes);
  out.list(30);
  out.natural(2);
  bytes.append(29, '\xf6');
  EXPECT_EQ(code_from([&] { decode_frame(bytes); }), ErrorCode::newer_format);
}

std::string with_offsets(std::string table, const std::vector<std::uint64_t>& offsets) {
  for (std::uint64_t offset : offsets) {
    for (int i = 0; i < 8; ++i) table += static_cast<char>(offset >> (8 * i));
  }
  return table;
}

TEST(BranchTable, records_are_read_in_a_row_and_by_index) {
  RandomFrames random(3);
  std::vector<BranchRecord> records;
  std::vector<std::uint64_t> offsets(50);
  std::string table;
  for (std::uint64_t i = 0; i < 50; ++i) {
    std::uint64_t index = (i * 7 + 3) % 50;  // they finish in any order
    records.push_back(random.branch(index));
    offsets[index] = table.size();
    append(table, records.back());
  }
  std::size_t at = 0;
  for (const BranchRecord& record : records) EXPECT_EQ(read_branch(table, at), record);
  EXPECT_EQ(at, table.size());

  std::string complete = with_offsets(table, offsets);
  for (const BranchRecord& record : records) EXPECT_EQ(branch_at(complete, 50, record.index), record);
  EXPECT_EQ(code_from([&] { branch_at(complete, 50, 50); }), ErrorCode::corrupt);
}

TEST(BranchTable, damage_is_found) {
  RandomFrames random(4);
  std::string table;
  append(table, random.branch(0));
  for (std::size_t cut = 0; cut < table.size(); ++cut) {
    std::size_t at = 0;
    EXPECT_EQ(code_from([&] { read_branch(table.substr(0, cut), at); }), ErrorCode::corrupt);
    EXPECT_EQ(at, 0u);
  }
  std::size_t beyond = table.size() + 1;
  EXPECT_EQ(code_from([&] { read_branch(table, beyond); }), ErrorCode::corrupt);
  EXPECT_EQ(code_from([&] { branch_at(with_offsets(table, {UINT64_MAX}), 1, 0); }), ErrorCode::corrupt);
  EXPECT_EQ(code_from([&] { branch_at(with_offsets(table, {table.size()}), 1, 0); }), ErrorCode::corrupt)
      << "an offset into the offsets";
  EXPECT_EQ(code_from([&] { branch_at("", 1, 0); }), ErrorCode::corrupt);
  EXPECT_EQ(code_from([&] { branch_at(with_offsets(table, {0}), UINT64_MAX, 0); }), ErrorCode::corrupt);
}

TEST(Seed, depends_on_flow_step_and_path_alone) {
  IndexPath one = IndexPath().with(IndexPath::Kind::item, 1), two = IndexPath().with(IndexPath::Kind::item, 2);
  EXPECT_EQ(seed_of("F", "s", one), seed_of("F", "s", one));
  EXPECT_NE(seed_of("F", "s", one), seed_of("F", "s", two));
  EXPECT_NE(seed_of("Fs", "", one), seed_of("F", "s", one));
}

}  // namespace
}  // namespace backlot
