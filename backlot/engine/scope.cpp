#include "backlot/engine/scope.h"

#include <algorithm>

namespace backlot {
namespace {

constexpr int layers_before_merge = 16;

bool by_name(const NamedReference& a, const NamedReference& b) { return a.name < b.name; }

// `over` wins where both have a name. Both are sorted.
std::vector<NamedReference> overlay(const std::vector<NamedReference>& over, std::vector<NamedReference> under) {
  std::vector<NamedReference> out;
  out.reserve(over.size() + under.size());
  auto u = under.begin();
  for (const NamedReference& o : over) {
    while (u != under.end() && u->name < o.name) out.push_back(std::move(*u++));
    if (u != under.end() && u->name == o.name) ++u;
    out.push_back(o);
  }
  out.insert(out.end(), std::move_iterator(u), std::move_iterator(under.end()));
  return out;
}

}  // namespace

std::vector<NamedReference> Scope::seen(const ScopePtr& scope, const ScopePtr& base, bool* complete) {
  std::vector<const Scope*> layers;
  const Scope* at = scope.get();
  for (; at && at != base.get(); at = at->under_.get()) layers.push_back(at);
  if (complete) *complete = at == nullptr;
  std::vector<NamedReference> all;
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) all = overlay((*layer)->entries_, std::move(all));
  return all;
}

int Scope::layers(const ScopePtr& scope) {
  int count = 0;
  for (const Scope* at = scope.get(); at; at = at->under_.get()) ++count;
  return count;
}

ScopePtr Scope::extend(ScopePtr under, std::vector<NamedReference> entries, const ScopePtr& base) {
  if (entries.empty() && under) return under;
  auto scope = std::make_shared<Scope>();
  std::stable_sort(entries.begin(), entries.end(), by_name);
  scope->entries_ = std::move(entries);
  scope->depth_ = under && under != base ? under->depth_ + 1 : 0;
  if (scope->depth_ >= layers_before_merge) {
    bool complete = false;
    scope->entries_ = overlay(scope->entries_, seen(under, base, &complete));
    scope->depth_ = 0;
    under = complete ? nullptr : base;
  }
  scope->under_ = std::move(under);
  return scope;
}

}  // namespace backlot
