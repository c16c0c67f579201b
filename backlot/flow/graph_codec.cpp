#include "backlot/flow/graph.h"
#include "backlot/value/cbor.h"

namespace backlot {
namespace {

constexpr std::uint64_t version = 1;
// Fields of a task's decorators; what is as by default is left out.
enum Field : std::uint64_t {
  d_retry, d_timeout, d_resources, d_catch_into, d_environment, d_cache, d_cache_version, d_pure, d_priority, d_pool
};

void write_decorators(CborWriter& out, const Decorators& d) {
  const Decorators plain;
  std::string bytes;
  CborWriter fields(bytes);
  std::uint64_t count = 0;
  auto field = [&](Field f, bool differs, auto put) {
    if (!differs) return;
    ++count;
    fields.natural(f);
    put();
  };
  field(d_retry, d.retry != plain.retry, [&] {
    fields.list(5);
    fields.integer(d.retry.times);
    fields.integer(d.retry.delay.count());
    fields.real(d.retry.backoff);
    fields.real(d.retry.jitter);
    fields.natural(d.retry.kinds);
  });
  field(d_timeout, d.timeout.count() != 0, [&] { fields.integer(d.timeout.count()); });
  field(d_resources, d.resources != plain.resources, [&] {
    fields.list(3);
    fields.real(d.resources.cpu);
    fields.natural(d.resources.memory);
    fields.integer(d.resources.gpu);
  });
  field(d_catch_into, !d.catch_into.empty(), [&] { fields.text(d.catch_into); });
  field(d_environment, !d.environment.empty(), [&] {
    fields.map(d.environment.size());
    for (auto& [name, value] : d.environment) fields.text(name), fields.text(value);
  });
  field(d_cache, d.cache, [&] { fields.boolean(true); });
  field(d_cache_version, !d.cache_version.empty(), [&] { fields.text(d.cache_version); });
  field(d_pure, d.pure, [&] { fields.boolean(true); });
  field(d_priority, d.priority != 0, [&] { fields.integer(d.priority); });
  field(d_pool, !d.pool.empty(), [&] { fields.text(d.pool); });
  out.map(count);
  out.raw(bytes);
}

void read_decorator(CborReader& in, std::uint64_t field, Decorators& d) {
  switch (field) {
    case d_retry:
      if (in.list() != 5) in.fail("not a retry");
      d.retry.times = static_cast<int>(in.integer());
      d.retry.delay = Duration(in.integer());
      d.retry.backoff = in.real();
      d.retry.jitter = in.real();
      d.retry.kinds = static_cast<std::uint32_t>(in.natural());
      break;
    case d_timeout: d.timeout = Duration(in.integer()); break;
    case d_resources:
      if (in.list() != 3) in.fail("not resources");
      d.resources.cpu = in.real();
      d.resources.memory = in.natural();
      d.resources.gpu = static_cast<int>(in.integer());
      break;
    case d_catch_into: d.catch_into = in.text(); break;
    case d_environment:
      d.environment.resize(in.map());
      for (auto& [name, value] : d.environment) name = in.text(), value = in.text();
      break;
    case d_cache: d.cache = in.boolean(); break;
    case d_cache_version: d.cache_version = in.text(); break;
    case d_pure: d.pure = in.boolean(); break;
    case d_priority: d.priority = static_cast<int>(in.integer()); break;
    case d_pool: d.pool = in.text(); break;
    default: in.fail("an unknown decorator");
  }
}

Node read_node(CborReader& in) {
  if (in.list() != 7) in.fail("not a node");
  Node node;
  node.name = in.text();
  std::uint64_t kind = in.natural();
  if (kind > static_cast<std::uint64_t>(NodeKind::loop)) in.fail("an unknown kind of node");
  node.kind = static_cast<NodeKind>(kind);
  for (std::uint64_t n = in.map(); n > 0; --n) {
    std::uint64_t field = in.natural();
    read_decorator(in, field, node.with);
  }
  node.match = static_cast<NodeId>(in.integer());
  node.inside = static_cast<NodeId>(in.integer());
  node.at_most = static_cast<std::int32_t>(in.integer());
  node.empty_fails = in.boolean();
  return node;
}

}  // namespace

std::string encode(const Graph& graph) {
  std::string bytes;
  CborWriter out(bytes);
  out.list(3);
  out.natural(version);
  out.list(graph.nodes.size());
  for (const Node& node : graph.nodes) {
    out.list(7);
    out.text(node.name);
    out.natural(static_cast<std::uint64_t>(node.kind));
    write_decorators(out, node.with);
    out.integer(node.match);
    out.integer(node.inside);
    out.integer(node.at_most);
    out.boolean(node.empty_fails);
  }
  out.list(graph.edges.size());
  for (const Edge& edge : graph.edges) {
    out.list(3);
    out.integer(edge.from);
    out.integer(edge.to);
    out.text(edge.label);
  }
  return bytes;
}

Graph decode_graph(std::string_view bytes) {
  CborReader in(bytes);
  if (in.list() != 3) in.fail("not a graph");
  if (in.natural() > version) throw Error(ErrorCode::newer_format, "a graph of a newer backlot", "upgrade backlot");
  Graph graph;
  for (std::uint64_t n = in.list(); n > 0; --n) graph.nodes.push_back(read_node(in));
  for (std::uint64_t n = in.list(); n > 0; --n) {
    if (in.list() != 3) in.fail("not an edge");
    Edge edge;
    edge.from = static_cast<NodeId>(in.integer());
    edge.to = static_cast<NodeId>(in.integer());
    edge.label = in.text();
    graph.edges.push_back(std::move(edge));
  }
  in.end();
  return graph;
}

}  // namespace backlot
