#include <gtest/gtest.h>

#include <random>

#include "backlot/base/test_errors.h"
#include "backlot/flow/graph.h"
#include "backlot/flow/test_edges.h"
#include "backlot/value/cbor.h"

namespace backlot {
namespace {

Graph random_graph(std::mt19937_64& random) {
  auto chance = [&] { return random() % 3 == 0; };
  auto word = [&] { return std::string(1 + random() % 8, static_cast<char>('a' + random() % 26)); };
  auto small = [&] { return static_cast<std::int32_t>(random() % 2000) - 1000; };
  Graph graph;
  for (auto n = random() % 6; n > 0; --n) {
    Node node;
    node.name = word();
    node.kind = static_cast<NodeKind>(random() % 6);
    node.match = NodeId(small());
    node.inside = NodeId(small());
    node.at_most = small();
    node.empty_fails = chance();
    Decorators& d = node.with;
    if (chance()) d.retry = {small(), Duration(small()), 1.5, 0.25, static_cast<std::uint32_t>(random())};
    if (chance()) d.timeout = Duration(random() >> 2);
    if (chance()) d.resources = {0.5, random(), small()};
    if (chance()) d.catch_into = word();
    if (chance()) d.environment = {{word(), ""}, {word(), word()}};
    d.cache = chance();
    if (chance()) d.cache_version = word();
    d.pure = chance();
    if (chance()) d.priority = small();
    if (chance()) d.pool = word();
    graph.nodes.push_back(node);
  }
  for (auto n = random() % 6; n > 0; --n)
    graph.edges.push_back({NodeId(small()), NodeId(small()), chance() ? word() : ""});
  return graph;
}

TEST(GraphCodec, comes_back_and_no_prefix_of_it_does) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 300; ++i) {
    Graph graph = random_graph(random);
    std::string bytes = encode(graph);
    ASSERT_EQ(decode_graph(bytes), graph);
    ASSERT_EQ(encode(decode_graph(bytes)), bytes);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      ASSERT_EQ(code_from([&] { decode_graph(std::string_view(bytes).substr(0, cut)); }), ErrorCode::corrupt);
    }
  }
}

TEST(GraphCodec, a_flipped_bit_is_another_graph_or_an_error) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20; ++i) {
    Graph graph = random_graph(random);
    std::string bytes = encode(graph);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      std::string flipped = bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << (bit % 8));
      code_from([&] { EXPECT_NE(decode_graph(flipped), graph) << bit; });
    }
  }
}

TEST(GraphCodec, a_plain_step_takes_few_bytes) {
  Graph graph;
  graph.nodes = {{.name = "start"}, {.name = "end"}};
  graph.edges = edges_of({{0, 1}});
  EXPECT_LT(encode(graph).size(), 40u);
}

TEST(GraphCodec, a_newer_one_is_told_so_whatever_else_it_has) {
  std::string bytes;
  CborWriter out(bytes);
  out.list(9);
  out.natural(2);
  bytes.append(8, '\xf6');
  EXPECT_EQ(code_from([&] { decode_graph(bytes); }), ErrorCode::newer_format);
}

}  // namespace
}  // namespace backlot
