#include "backlot/engine/step_cache.h"

#include <algorithm>

#include "backlot/flow/noted_reads.h"
#include "backlot/value/cbor.h"
#include "backlot/value/item.h"

namespace backlot {
namespace {

constexpr std::size_t candidates = 16;
constexpr std::uint64_t key_version = 2;

/// The cases and nodes that a task of `node` may go on to, up to the next tasks and fan-outs: the decisions of its
/// manifest are about these.
void write_ways_on(CborWriter& out, const Graph& graph, NodeId node) {
  std::vector<NodeId> seen{node};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    std::vector<const Edge*> next;
    for (const Edge& edge : graph.edges)
      if (edge.from == seen[i]) next.push_back(&edge);
    out.list(next.size());
    for (const Edge* edge : next) {
      NodeId id = edge->to;
      const Node& to = graph.node(id);
      out.list(4);
      out.text(edge->label);
      out.text(to.name);
      out.natural(static_cast<std::uint64_t>(to.kind));
      out.integer(to.at_most);
      bool decides = to.kind == NodeKind::choose || to.kind == NodeKind::loop;
      if (decides && std::find(seen.begin(), seen.end(), id) == seen.end()) seen.push_back(id);
    }
  }
}

}  // namespace

/// What a task that is to run now would note.
class StepCache::Now {
 public:
  Now(const TaskFrame& frame, Files& files) : frame_(frame) {
    if (!frame.branch_file.empty()) file_ = files.open(frame.branch_file, OpenMode::read)->map();
  }
  bool would_note(const std::vector<Manifest::Read>& reads) {
    std::vector<std::string> names;
    for (const Manifest::Read& read : reads) names.push_back(read.name);
    if (names != names_ || reads_.empty()) {  // candidates mostly read the same
      std::string_view table = file_ ? file_->bytes() : std::string_view(frame_.branches);
      reads_ = noted_reads(frame_, table, names);
      names_ = std::move(names);
    }
    return reads_ == reads;
  }

 private:
  const TaskFrame& frame_;
  std::unique_ptr<const Mapping> file_;
  std::vector<std::string> names_;
  std::vector<Manifest::Read> reads_;
};

StepCache::StepCache(Catalog& catalog, BlobStore& store, Files& files, const Graph& graph, const RunRow& run)
    : catalog_(catalog),
      store_(store),
      files_(files),
      graph_(graph),
      loader_(store),
      flow_(run.flow),
      code_(run.code),
      run_(run.key) {}

const std::string& StepCache::key_head(NodeId id) {
  auto [found, is_new] = key_heads_.try_emplace(id);
  if (!is_new) return found->second;
  const Node& node = graph_.node(id);
  const Decorators& with = node.with;
  CborWriter out(found->second);
  out.natural(key_version);
  out.text(flow_);
  out.text(node.name);
  out.boolean(with.cache_version.empty());
  out.text(with.cache_version.empty() ? code_ : with.cache_version);
  out.map(with.environment.size());
  for (const auto& [name, value] : with.environment) {
    out.text(name);
    out.text(value);
  }
  write_ways_on(out, graph_, id);
  return found->second;
}

std::optional<Digest> StepCache::key(NodeId node, const std::vector<ForeachItem>& items) {
  if (code_.empty() && graph_.node(node).with.cache_version.empty()) return std::nullopt;
  try {
    Sha256 hash;
    hash.add(key_head(node));
    for (const ForeachItem& item : items) hash.add(item_of(item, loader_).identity().view());
    return hash.finish();
  } catch (const Error&) { return std::nullopt; }
}

std::optional<StepCache::Hit> StepCache::find(const TaskFrame& frame) {
  try {
    return look_up(frame);
  } catch (const Error&) { return std::nullopt; }  // then it is run, and says itself what it cannot read
}

std::optional<StepCache::Hit> StepCache::look_up(const TaskFrame& frame) {
  auto looked_for = key(frame.node, frame.items);
  if (!looked_for) return std::nullopt;
  Now now(frame, files_);
  for (const CachedTask& task : catalog_.cached(*looked_for, run_, candidates)) {
    auto manifest = manifest_of(task);
    if (!manifest || !now.would_note(manifest->reads) || !is_whole(*manifest)) continue;
    const TaskRow& row = task.task;
    return Hit{row.is_clone() ? row.origin : task.run, row.is_clone() ? row.origin_task : row.number,
               std::move(*manifest), *looked_for};
  }
  return std::nullopt;
}

std::optional<Manifest> StepCache::manifest_of(const CachedTask& task) {
  std::vector<AttemptRow> attempts = catalog_.attempts(task.run, task.task.number);
  if (attempts.empty()) return std::nullopt;
  return decode_manifest(attempts.back().manifest);
}

bool StepCache::is_whole(const Manifest& manifest) {
  for (const Digest& blob : blobs_of(manifest)) {
    if (!store_.info(blob)) return false;
  }
  return true;
}

}  // namespace backlot
