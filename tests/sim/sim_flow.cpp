#include "tests/sim/sim_flow.h"

#include <cstring>

#include "backlot/engine/graph_builder.h"
#include "backlot/flow/noted_reads.h"

namespace backlot::sim {
namespace {

// start -> foreach items ( work -> loop again (work) -> foreach parts ( part ) join sum ) join gather
//       -> choose side ( left | right ) -> split ( fast | exact ) join agree -> end
enum : NodeId { start, items, work, again, parts, part, sum, gather, side, left, right, fork, fast, exact, agree, end };

std::uint64_t number_of(const Digest& digest) {
  std::uint64_t n;
  std::memcpy(&n, digest.bytes.data(), sizeof n);
  return n;
}

// Everything a task sees, as one digest.
Digest seen_by(const TaskFrame& frame) {
  Sha256 hash;
  hash.add(std::to_string(frame.node) + frame.path.text());
  auto add = [&](const std::vector<NamedReference>& scope) {
    for (const NamedReference& r : scope) {
      hash.add(r.name);
      hash.add(r.value.identity().view());
    }
  };
  add(frame.scope);
  add(frame.split_scope);
  for (std::uint64_t i = 0; i < frame.branch_count; ++i) {
    BranchRecord branch = branch_at(frame.branches, frame.branch_count, i);
    BACKLOT_ASSERT(branch.index == i);
    add(branch.scope);
  }
  for (const ForeachItem& item : frame.items) hash.add(std::to_string(item.index) + item.list.identity().hex());
  if (frame.caught) hash.add("caught");
  return hash.finish();
}

// All that seen_by looks at.
std::vector<Manifest::Read> reads_of(const TaskFrame& frame) {
  std::vector<std::string> names{std::string(path_read)};
  for (const NamedReference& r : frame.scope) names.push_back(r.name);
  if (frame.branch_count > 0) {
    names.emplace_back(branches_read);
    for (const char* artifact : {"v", "w"}) names.push_back(branch_read_name(artifact));
  }
  return noted_reads(frame, frame.branches, names);
}

// Small, middling and large values, so that inline values, and blobs shared by many tasks, all occur.
Reference value_of(const Digest& digest, BlobWriter& blobs) {
  std::uint64_t n = number_of(digest);
  if (n % 4 != 0) return Reference::inlined(TypeTag::bytes, std::string(digest.view()));
  std::string raw;
  std::size_t size = n % 8 == 0 ? 600 : 9000;
  Digest seed = n % 16 == 0 ? sha256("shared by many") : digest;
  while (raw.size() < size) raw += (seed = sha256(seed.view())).view();
  Reference r;
  r.type = TypeTag::bytes;
  r.place = Reference::Place::blob;
  r.size = raw.size();
  r.id = blobs.put(TypeTag::bytes, {raw});
  return r;
}

}  // namespace

SimFlow::SimFlow() {
  GraphBuilder g;
  g.add("start", NodeKind::step);
  g.add("items", NodeKind::foreach);
  g.add("work", NodeKind::step, items);
  g.add("again", NodeKind::loop, items);
  g.add("parts", NodeKind::foreach, items);
  g.add("part", NodeKind::step, parts);
  g.add("sum", NodeKind::join, items);
  g.add("gather", NodeKind::join);
  g.add("side", NodeKind::choose);
  g.add("left", NodeKind::step);
  g.add("right", NodeKind::step);
  g.add("fork", NodeKind::split);
  g.add("fast", NodeKind::step, fork);
  g.add("exact", NodeKind::step, fork);
  g.add("agree", NodeKind::join);
  g.add("end", NodeKind::step);
  for (auto [from, to] : {std::pair{start, items},
                          {items, work},
                          {work, again},
                          {again, work},
                          {again, parts},
                          {parts, part},
                          {part, sum},
                          {sum, gather},
                          {gather, side},
                          {side, left},
                          {side, right},
                          {left, fork},
                          {right, fork},
                          {fork, fast},
                          {fork, exact},
                          {fast, agree},
                          {exact, agree},
                          {agree, end}}) {
    g.edge(from, to);
  }
  g.match(items, gather);
  g.match(parts, sum);
  g.match(fork, agree);
  g.graph.nodes[again].at_most = 3;
  g.with(part).retry.times = 3;
  g.with(part).retry.delay = Duration{700};
  g.with(work).retry.times = 6;
  g.with(work).timeout = Duration{5000};
  g.with(exact).retry.times = 6;
  g.with(exact).resources.cpu = 2;
  for (NodeId kept : {part, sum, left, right}) {
    g.with(kept).cache = true;
    g.with(kept).cache_version = "1";
  }
  graph_ = std::move(g.graph);
}

Manifest SimFlow::run(const TaskFrame& frame, TaskContext& context) const {
  Digest seen = seen_by(frame);
  std::uint64_t n = number_of(seen);
  Manifest m;
  m.artifacts = {{"v", value_of(seen, context.writer)}};
  if (n % 3 == 0) m.artifacts.push_back({"w", Reference::inlined(TypeTag::text, std::to_string(n % 5))});
  m.own = static_cast<std::uint32_t>(m.artifacts.size());
  m.reads = reads_of(frame);
  if (frame.node == start) m.next.fan = Transition::Fan{n % 5, m.artifacts[0].value};
  if (frame.node == work) {
    std::uint64_t pass = frame.path.parts.back().value;
    bool more = pass + 1 < 3 && n % 2 == 0;
    m.next.decisions = {more ? 1u : 0u};
    if (!more) m.next.fan = Transition::Fan{n % 4, m.artifacts[0].value};
  }
  if (frame.node == gather) m.next.decisions = {static_cast<std::uint32_t>(n % 2)};
  return m;
}

}  // namespace backlot::sim
