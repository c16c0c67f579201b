#include "tests/sim/sim_flow.h"

#include <cstring>

#include "backlot/engine/graph_builder.h"
#include "backlot/flow/decisions.h"
#include "backlot/flow/graph_walk.h"
#include "backlot/flow/noted_reads.h"

namespace backlot::sim {
namespace {

// start -> foreach items ( work -> loop again (work) -> foreach parts ( part ) join sum ) join gather
//       -> choose side ( left | right ) -> split ( fast | exact ) join agree -> tidy -> check -> end

std::uint64_t number_of(const Digest& digest) {
  std::uint64_t n;
  std::memcpy(&n, digest.bytes.data(), sizeof n);
  return n;
}

// Everything a task of `step` sees, as one digest.
Digest seen_by(const std::string& step, const TaskFrame& frame, BlobReader& blobs) {
  Sha256 hash;
  hash.add(step + frame.path.text());
  auto add = [&](const std::vector<NamedReference>& scope) {
    for (const NamedReference& r : scope) {
      hash.add(r.name);
      hash.add(r.value.identity().view());
      if (r.value.place == Reference::Place::blob) hash.add(blobs.open(r.value.id)->bytes());
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

SimFlow::SimFlow(const Edits& edits, bool in_ordinals) : in_ordinals_(in_ordinals) {
  GraphBuilder g;
  auto step = [&](const char* name, NodeId inside = no_node) { return g.add(name, NodeKind::step, inside); };
  auto chain = [&](std::initializer_list<NodeId> nodes) {
    for (const NodeId* to = nodes.begin() + 1; to != nodes.end(); ++to) g.edge(to[-1], *to);
  };
  NodeId start = step("start");
  NodeId items = g.add(edits.other_list ? "others" : "items", NodeKind::foreach);
  NodeId work = step("work", items), again = g.add("again", NodeKind::loop, items);
  NodeId parts = g.add("parts", NodeKind::foreach, items), part = step("part", parts);
  NodeId sum = g.add("sum", NodeKind::join, items), gather = g.add("gather", NodeKind::join);
  NodeId side = g.add("side", NodeKind::choose), left = step("left"), right = step("right");
  NodeId fork = g.add("fork", NodeKind::split), fast = step("fast", fork), exact = step("exact", fork);
  NodeId agree = g.add("agree", NodeKind::join), tidy = step("tidy"), check = step("check"), end = no_node;
  chain({start, items, work, again});
  g.edge(again, work, "again");
  g.edge(again, parts, "done");
  chain({parts, part, sum, gather, side});
  std::vector<NodeId> cases{left, right};
  if (edits.case_added) cases.insert(cases.begin(), step("middle"));
  if (edits.cases_reordered) std::swap(cases.front(), cases.back());
  for (NodeId to : cases) {
    g.edge(side, to, g.graph.node(to).name);
    g.edge(to, fork);
  }
  std::vector<NodeId> branches{fast, exact};
  if (edits.branch_added) branches.push_back(step("rough", fork));
  for (NodeId branch : branches) chain({fork, branch, agree});
  if (edits.steps_swapped) std::swap(tidy, check);
  if (edits.step_added)
    chain({agree, tidy, step("comb"), check});
  else
    chain({agree, tidy, check});
  if (edits.choose_added) {
    NodeId more = g.add("more", NodeKind::choose), extra = step("extra");
    end = step("end");
    g.edge(check, more);
    g.edge(more, extra, "extra");
    g.edge(more, end, "otherwise");
    g.edge(extra, end);
  } else {
    g.edge(check, end = step("end"));
  }
  g.match(items, gather);
  g.match(parts, sum);
  g.match(fork, agree);
  g.graph.node(again).at_most = edits.bound_lowered ? 2 : 3;
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
  const std::string& step = graph_.node(frame.node).name;
  Digest seen = seen_by(step, frame, context.blobs);
  std::uint64_t n = number_of(seen);
  Manifest m;
  m.artifacts = {{"v", value_of(seen, context.writer)}};
  if (n % 3 == 0) m.artifacts.push_back({"w", Reference::inlined(TypeTag::text, std::to_string(n % 5))});
  m.own = static_cast<std::uint32_t>(m.artifacts.size());
  m.reads = reads_of(frame);
  if (in_ordinals_) m.version = 1;
  go_on(frame, n, m);
  return m;
}

/// Where the task goes depends on its number and on what is asked, not on the place of an answer in the file.
void SimFlow::go_on(const TaskFrame& frame, std::uint64_t n, Manifest& m) const {
  GraphWalk walk(graph_);
  Waypoint next = walk.after(frame.node, frame.path, [&](NodeId at, std::uint64_t pass) {
    const Node& node = graph_.node(at);
    std::uint32_t decision = 0;
    if (node.kind == NodeKind::loop) {
      decision = pass + 1 < static_cast<std::uint64_t>(node.at_most) && n % 2 == 0 ? 1 : 0;
    } else {
      std::string wanted = n % 2 ? "right" : "left";
      if (node.name == "more") wanted = n % 2 ? "extra" : "end";
      if (n % 3 == 0 && graph_.find("middle") != no_node && node.name == "side") wanted = "middle";
      while (name_of_way(graph_, walk.targets(at)[decision]) != wanted) ++decision;
    }
    m.next.ordinals.push_back(decision);
    m.next.decisions.push_back(name_of_decision(graph_, at, decision));
    return decision;
  });
  (m.version == 1 ? m.next.decisions.clear() : m.next.ordinals.clear());
  if (next.kind != Waypoint::Kind::fan_out) return;
  const Node& fan_out = graph_.node(next.node);
  if (fan_out.kind != NodeKind::foreach) return;
  std::uint64_t count = fan_out.name == "items" ? n % 5 : fan_out.name == "others" ? n / 5 % 5 : n % 4;
  m.next.fan_out = Transition::FanOut{count, m.artifacts[0].value, m.version == 1 ? "" : fan_out.name};
}

}  // namespace backlot::sim
