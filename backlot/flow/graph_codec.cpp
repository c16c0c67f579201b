#include "backlot/flow/graph.h"
#include "backlot/value/cbor.h"
#include "backlot/value/reference_codec.h"

namespace backlot {
namespace {

constexpr std::uint64_t version = 1;
// Fields of a task's decorators; what is as by default is left out.
enum Field : std::uint64_t {
  d_retry,
  d_timeout,
  d_resources,
  d_catch_into,
  d_environment,
  d_cache,
  d_cache_version,
  d_pure,
  d_priority,
  d_pool
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

std::int32_t read_int(CborReader& in) { return static_cast<std::int32_t>(in.integer(INT32_MIN, INT32_MAX)); }
NodeId read_id(CborReader& in) { return NodeId(read_int(in)); }

void read_decorator(CborReader& in, std::uint64_t field, Decorators& d) {
  switch (field) {
    case d_retry:
      in.list_of(5);
      d.retry.times = read_int(in);
      d.retry.delay = Duration(in.integer());
      d.retry.backoff = in.real();
      d.retry.jitter = in.real();
      d.retry.kinds = static_cast<std::uint32_t>(in.natural(UINT32_MAX));
      break;
    case d_timeout: d.timeout = Duration(in.integer()); break;
    case d_resources:
      in.list_of(3);
      d.resources.cpu = in.real();
      d.resources.memory = in.natural();
      d.resources.gpu = read_int(in);
      break;
    case d_catch_into: d.catch_into = in.text(); break;
    case d_environment:
      for (std::uint64_t n = in.map(); n > 0; --n) {
        std::string name(in.text());
        d.environment.emplace_back(std::move(name), in.text());
      }
      break;
    case d_cache: d.cache = in.boolean(); break;
    case d_cache_version: d.cache_version = in.text(); break;
    case d_pure: d.pure = in.boolean(); break;
    case d_priority: d.priority = read_int(in); break;
    case d_pool: d.pool = in.text(); break;
    default: in.fail("an unknown decorator");
  }
}

Node read_node(CborReader& in) {
  in.list_of(7);
  Node node;
  node.name = in.text();
  std::uint64_t kind = in.natural();
  if (kind > static_cast<std::uint64_t>(NodeKind::loop)) in.fail("an unknown kind of node");
  node.kind = static_cast<NodeKind>(kind);
  for (std::uint64_t n = in.map(); n > 0; --n) {
    std::uint64_t field = in.natural();
    read_decorator(in, field, node.with);
  }
  node.match = read_id(in);
  node.inside = read_id(in);
  node.at_most = read_int(in);
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
    out.integer(node.match.value());
    out.integer(node.inside.value());
    out.integer(node.at_most);
    out.boolean(node.empty_fails);
  }
  out.list(graph.edges.size());
  for (const Edge& edge : graph.edges) {
    out.list(3);
    out.integer(edge.from.value());
    out.integer(edge.to.value());
    out.text(edge.label);
  }
  return bytes;
}

Graph decode_graph(std::string_view bytes) {
  CborReader in(bytes);
  std::uint64_t parts = in.list();
  read_version(in, version, "graph");
  if (parts != 3) in.fail("not a graph");
  Graph graph;
  for (std::uint64_t n = in.list(); n > 0; --n) graph.nodes.push_back(read_node(in));
  for (std::uint64_t n = in.list(); n > 0; --n) {
    in.list_of(3);
    Edge& edge = graph.edges.emplace_back();
    edge.from = read_id(in);
    edge.to = read_id(in);
    edge.label = in.text();
  }
  in.end();
  if (encode(graph) != bytes) in.fail("a graph with decorators that are as by default, or not in order");
  return graph;
}

}  // namespace backlot
