// Graphs and frames that released versions wrote are read for ever (docs/formats/).
#include <gtest/gtest.h>

#include "backlot/flow/task_frame.h"
#include "backlot/flow/test_edges.h"
#include "backlot/value/test_golden.h"

namespace backlot {
namespace {

Node task(std::string name, NodeKind kind = NodeKind::step, NodeId inside = no_node) {
  Node node;
  node.name = std::move(name);
  node.kind = kind;
  node.inside = inside;
  return node;
}

/// start -> foreach(items) { work } -> join -> loop -> end, with every decorator.
Graph foreach_graph() {
  Graph graph;
  graph.nodes = {task("start"),
                 task("items", NodeKind::foreach),
                 task("work", NodeKind::step, NodeId(1)),
                 task("join", NodeKind::join),
                 task("again", NodeKind::loop),
                 task("end")};
  graph.nodes[1].match = NodeId(3);
  graph.nodes[1].empty_fails = true;
  graph.nodes[3].match = NodeId(1);
  graph.nodes[4].at_most = 10;
  Decorators& d = graph.nodes[2].with;
  d.retry = {3, Duration(2000), 2, 0.5, 1};
  d.timeout = Duration(60'000);
  d.resources = {2, 1 << 30, 1};
  d.catch_into = "error";
  d.environment = {{"OMP_NUM_THREADS", "1"}};
  d.cache = true;
  d.cache_version = "v2";
  d.pure = true;
  d.priority = -1;
  d.pool = "licences";
  graph.edges = edges_of({{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 3, "again"}, {4, 5, "done"}});
  return graph;
}

void check_graph(const std::string& name, const Graph& graph) {
  std::string bytes = golden(BACKLOT_GOLDEN "/graph/" + name, encode(graph));
  ASSERT_FALSE(bytes.empty()) << name;
  EXPECT_EQ(decode_graph(bytes), graph) << name;
  EXPECT_EQ(hex(encode(graph)), hex(bytes)) << name;
}

TEST(Golden, graphs) {
  Graph two;
  two.nodes = {task("start"), task("end")};
  two.edges = edges_of({{0, 1}});
  check_graph("v1_two_steps", two);
  check_graph("v1_everything", foreach_graph());
}

void check_frame(const std::string& name, const TaskFrame& frame) {
  std::string bytes = golden(BACKLOT_GOLDEN "/frame/" + name, encode(frame));
  ASSERT_FALSE(bytes.empty()) << name;
  EXPECT_EQ(decode_frame(bytes), frame) << name;
  EXPECT_EQ(hex(encode(frame)), hex(bytes)) << name;
}

TEST(Golden, frames) {
  TaskFrame frame;
  frame.run = {"MovieStats", 1763829152123456, 0};
  frame.node = first_node;
  frame.number = 1;
  check_frame("v1_start", frame);
  Reference seven = Reference::inlined(TypeTag::integer, "\x07"), blob;
  blob.type = TypeTag::list;
  blob.place = Reference::Place::blob;
  blob.size = 1 << 20;
  blob.id = sha256("list");
  frame.run.origin_run = 1763829152000000;
  frame.node = NodeId(3);
  frame.path = IndexPath().with(IndexPath::Kind::item, 3).with(IndexPath::Kind::pass, 300);
  frame.range = 5;
  frame.attempt = 1;
  frame.seed = seed_of("MovieStats", "join", frame.path);
  frame.caught = Failure{FailureKind::signal, 11, "", "message", ""};
  frame.scope = {{"x", seven}};
  frame.items = {{NodeId(1), 2, blob, seven}, {NodeId(2), 3, blob}};
  frame.branch_count = 1;
  append(frame.branches, {0, 2, false, {{"y", seven}}});
  frame.branches += std::string(8, '\0');
  frame.branch_file = "/tmp/branches";
  frame.split_scope = {{"z", seven}};
  frame.joined_list = blob;
  check_frame("v1_everything", frame);
  EXPECT_EQ(branch_at(frame.branches, 1, 0), (BranchRecord{0, 2, false, {{"y", seven}}}));
}

TEST(Golden, seeds_and_keys) {
  IndexPath path = IndexPath().with(IndexPath::Kind::item, 0).with(IndexPath::Kind::pass, 300);
  EXPECT_EQ(hex(path.key()), "1022012c");
  EXPECT_EQ(seed_of("MovieStats", "compute", path), 2164534596629638030u);
}

}  // namespace
}  // namespace backlot
