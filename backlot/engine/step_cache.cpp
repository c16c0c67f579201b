#include "backlot/engine/step_cache.h"

#include <algorithm>

#include "backlot/value/item.h"

namespace backlot {
namespace {

constexpr std::size_t runs_looked_at = 50;

std::optional<Digest> identity_in(const std::vector<NamedReference>& scope, const std::string& name) {
  auto before = [](const NamedReference& r, const std::string& n) { return r.name < n; };
  auto found = std::lower_bound(scope.begin(), scope.end(), name, before);
  if (found == scope.end() || found->name != name) return std::nullopt;
  return found->value.identity();
}

}  // namespace

StepCache::StepCache(Catalog& catalog, BlobStore& store, const Graph& graph, std::string flow, std::string code)
    : catalog_(catalog), store_(store), graph_(graph), loader_(store), flow_(std::move(flow)), code_(std::move(code)) {}

bool StepCache::same_code(const RunRow& run, const Node& node) {
  if (node.with.cache_version.empty()) return run.code == code_;
  Graph then = decode_graph(catalog_.graph(run.key));
  NodeId id = then.find(node.name);
  if (id == no_node) return false;
  const Decorators& with = then.nodes[static_cast<std::size_t>(id)].with;
  return with.cache && with.cache_version == node.with.cache_version && with.environment == node.with.environment;
}

const std::vector<RunKey>& StepCache::runs_for(NodeId id) {
  auto [found, is_new] = runs_.try_emplace(id);
  if (!is_new) return found->second;
  RunFilter filter;
  filter.flow = flow_;
  filter.limit = runs_looked_at;
  for (const RunRow& run : catalog_.runs(filter)) {
    if (same_code(run, graph_.nodes[static_cast<std::size_t>(id)])) found->second.push_back(run.key);
  }
  return found->second;
}

std::optional<StepCache::Hit> StepCache::find(const Strand& strand, const std::vector<ForeachItem>& items) {
  const Node& node = graph_.nodes[static_cast<std::size_t>(strand.node)];
  if (node.kind == NodeKind::join) return std::nullopt;
  for (RunKey run : runs_for(strand.node)) {
    if (auto hit = task_of(run, node, strand, items)) return hit;
  }
  return std::nullopt;
}

std::optional<StepCache::Hit> StepCache::task_of(RunKey run, const Node& node, const Strand& strand,
                                                 const std::vector<ForeachItem>& items) {
  auto task = catalog_.task(run, node.name, strand.path.key());
  if (!task || task->state != TaskState::done) return std::nullopt;
  std::vector<AttemptRow> attempts = catalog_.attempts(run, task->number);
  if (attempts.empty()) return std::nullopt;
  Hit hit{task->origin ? task->origin : run, task->origin ? task->origin_task : task->number,
          decode_manifest(attempts.back().manifest)};
  bool was_caught = !node.with.catch_into.empty() && hit.manifest.find(node.with.catch_into);
  if (was_caught || !is_same(hit.manifest, strand, items)) return std::nullopt;
  for (const Digest& blob : blobs_of(hit.manifest)) {
    if (!store_.info(blob)) return std::nullopt;
  }
  return hit;
}

bool StepCache::is_same(const Manifest& then, const Strand& strand, const std::vector<ForeachItem>& items) {
  std::vector<NamedReference> scope = Scope::seen(strand.scope);
  std::size_t items_noted = 0;
  for (const Manifest::Read& read : then.reads) {
    std::size_t i = 0;
    while (i < items.size() && read.name != item_read_name(i)) ++i;
    if (i < items.size()) {
      ++items_noted;
      if (read.id != item_of(items[i].list, items[i].index, loader_).identity()) return false;
    } else if (read.id != identity_in(scope, read.name)) {
      return false;
    }
  }
  return items_noted == items.size();  // else it was not run as a cached step: what it saw is not known
}

}  // namespace backlot
