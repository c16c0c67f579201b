// Which blobs the catalog needs. gc, fsck and copying follow this, and the blobs' own references, and nothing else.
#pragma once
#include <functional>
#include <unordered_set>

#include "backlot/catalog/catalog.h"
#include "backlot/store/store.h"

namespace backlot::verbs {

/// Who needs a blob: a run itself (task 0: its code or a parameter) or an attempt's manifest.
struct Holder {
  std::int64_t task = 0;
  std::int32_t attempt = 0;
};

/// Visits every blob that a run's rows name, some more than once. Throws Error corrupt for a manifest that cannot be
/// read, unless `damaged` is given: then that is told and the rest is visited.
void each_blob(Catalog& catalog, const RunRow& run, const std::function<void(const Holder&, const Digest&)>& visit,
               const std::function<void(const Holder&, const Error&)>& damaged = {});

/// Every run there is, newest first.
std::vector<RunRow> all_runs(Catalog& catalog);

/// A growing set of blobs that is closed: what a blob in it refers to is in it too.
class BlobSet {
 public:
  explicit BlobSet(BlobStore& store) : store_(store) {}
  /// Returns what came in new: the blob, and what it refers to. A blob that does not exist comes in alone; one that
  /// lies in the trash is taken back, as whenever somebody asks for it.
  std::vector<Digest> add(const Digest& blob);
  void remove(const Digest& blob) { blobs_.erase(blob); }
  bool contains(const Digest& blob) const { return blobs_.contains(blob); }
  std::size_t size() const { return blobs_.size(); }

 private:
  BlobStore& store_;
  std::unordered_set<Digest, DigestHash> blobs_;
};

/// Adds what domains keep.
void add_pinned(Catalog& catalog, BlobSet& set);

}  // namespace backlot::verbs
